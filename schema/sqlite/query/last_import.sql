-- The newest import.
SELECT started, finished,
    CASE
        WHEN finished IS NULL THEN 'cut off, or still running'
        WHEN files = 0 AND mails = 0 AND failed_sources = 0 THEN 'nothing new'
        ELSE 'finished'
    END,
    failed_sources, files, mails, reports, duplicates, conflicts, incomplete, repaired, records, messages, tls_reports,
    rejected, skipped, bounces, replies, abuse, lost, others, failures, feedback
FROM run ORDER BY id DESC LIMIT 1
