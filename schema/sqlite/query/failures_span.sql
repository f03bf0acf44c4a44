-- The first and the last day of failure reports of any of the domains, and how many there are. A day behind the last import is
-- no day of a report, whatever a report says.
SELECT min(day), max(day), (SELECT count(*) FROM failure WHERE domain IN (SELECT value FROM json_each(:domains)))
FROM (
    SELECT coalesce(arrived, sent) / 86400 AS day
    FROM failure
    WHERE domain IN (SELECT value FROM json_each(:domains)) AND (NOT :authentic OR authentic = 1)
)
WHERE day <= (SELECT max(started) FROM run) / 86400 + 1
