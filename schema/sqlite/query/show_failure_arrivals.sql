-- Where the report came from, the first time and again.
WITH came AS (
    SELECT 0 AS n, arrival, place, 'first' AS kind FROM failure WHERE id = :id
    UNION ALL
    SELECT id, arrival, place, 'duplicate' FROM failure_repeat WHERE failure = :id
)
SELECT (SELECT run.started FROM run WHERE run.id = arrival.run) + arrival.after, came.kind,
    CASE WHEN folder.path = '-' THEN 'standard input' ELSE rtrim(folder.path, '/') || '/' || file.name END ||
    coalesce(': ' || mail.place, '') || coalesce(': ' || arrival.place, '') || coalesce(': ' || came.place, ''),
    mail.sender, mail.sent, mail.subject, mail.message_id, sha256_text(original.sha256)
FROM came
JOIN arrival ON arrival.id = came.arrival
JOIN file ON file.id = arrival.file
JOIN folder ON folder.id = file.folder
JOIN original ON original.id = arrival.original
LEFT JOIN mail ON mail.id = arrival.mail
ORDER BY came.n
