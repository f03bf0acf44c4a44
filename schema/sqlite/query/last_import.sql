-- The newest import.
SELECT started, finished, files, mails, reports, duplicates, conflicts, incomplete, repaired, records, messages, rejected,
    skipped
FROM run ORDER BY id DESC LIMIT 1
