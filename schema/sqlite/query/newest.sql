-- The newest day of any domain's reports that had come when the last import began, from the ends of the index.
WITH RECURSIVE found(id) AS (
    SELECT min(domain) FROM day
    UNION                               -- not ALL: a damaged index leads in a circle
    SELECT (SELECT min(domain) FROM day WHERE domain > found.id) FROM found WHERE found.id IS NOT NULL
)
SELECT max((
        SELECT day FROM day
        WHERE domain = found.id AND day <= (SELECT max(started) FROM run) / 86400 + 1 AND (NOT :authentic OR authentic = 1)
        ORDER BY day DESC LIMIT 1
    ))
FROM found
