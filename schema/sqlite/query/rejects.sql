-- What could not be read and was not read since.
SELECT reject.id, reject.at,
    CASE WHEN folder.path = '-' THEN 'standard input' ELSE rtrim(folder.path, '/') || '/' || file.name END ||
    coalesce(': ' || mail.place, '') || coalesce(': ' || arrival.place, '') || coalesce(': ' || reject.place, ''),
    reject.status, reject.reason, original.size
FROM reject
JOIN arrival ON arrival.id = reject.arrival
JOIN file ON file.id = arrival.file
JOIN folder ON folder.id = file.folder
JOIN original ON original.id = arrival.original
LEFT JOIN mail ON mail.id = arrival.mail
WHERE reject.retried IS NULL
ORDER BY reject.id
LIMIT CASE WHEN :n > 0 THEN :n ELSE -1 END
