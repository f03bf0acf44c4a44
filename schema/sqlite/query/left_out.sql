-- What --only authenticated leaves out of the scope, in words; no row: nothing.
SELECT printf('--only authenticated leaves out %,d message%s in all, of reports that are not', messages, CASE messages WHEN 1 THEN '' ELSE 's' END)
FROM (
    SELECT sum(messages) AS messages FROM day
    WHERE authentic <> 1 AND domain IN (SELECT value FROM json_each(:domains)) AND (:whole OR day BETWEEN :since AND :until)
)
WHERE messages > 0
