-- What could not be read, also what was read since.
SELECT reject.id, reject.at,
    CASE WHEN folder.path = '-' THEN 'standard input' ELSE rtrim(folder.path, '/') || '/' || file.name END ||
    coalesce(': ' || mail.place, '') || coalesce(': ' || arrival.place, '') || coalesce(': ' || reject.place, ''),
    reject.status, reject.reason, reject.retried, sha256_text(original.sha256), original.size
FROM reject
JOIN arrival ON arrival.id = reject.arrival
JOIN file ON file.id = arrival.file
JOIN folder ON folder.id = file.folder
JOIN original ON original.id = arrival.original
LEFT JOIN mail ON mail.id = arrival.mail
ORDER BY reject.id
