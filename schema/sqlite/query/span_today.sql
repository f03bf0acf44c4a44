-- The newest day that a report of any of the domains is about, and that had come when the last import began: a forged date must not
-- move a window that nobody asked for.
SELECT max(last)
FROM (
    SELECT (SELECT day FROM day
        WHERE domain = scope.value AND day <= (SELECT max(started) FROM run) / 86400 + 1 AND (NOT :authentic OR authentic = 1)
        ORDER BY day DESC LIMIT 1) AS last
    FROM json_each(:domains) AS scope
)
