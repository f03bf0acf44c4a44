-- The newest import.
SELECT started, finished, failed_sources, files, mails, reports, duplicates, conflicts, incomplete, repaired, records, messages, tls_reports,
    rejected, skipped, bounces, replies, abuse, lost, others, failures, feedback
FROM run ORDER BY id DESC LIMIT 1
