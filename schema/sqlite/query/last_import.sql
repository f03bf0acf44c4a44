-- The newest import.
SELECT started, finished, files, mails, reports, duplicates, conflicts, incomplete, repaired, records, messages, tls_reports,
    rejected, skipped, bounces, replies, abuse, lost, others
FROM run ORDER BY id DESC LIMIT 1
