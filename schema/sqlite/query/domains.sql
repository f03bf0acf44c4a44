-- The policy domains that reports are about: ?1 NULL: all; else the domain or the wildcard pattern ?1 and, if ?2, those below it.
-- The first ids of the index, one by one: there are few domains and many days.
WITH RECURSIVE found(id) AS (
    SELECT min(domain) FROM day
    UNION                               -- not ALL: a damaged index leads in a circle
    SELECT (SELECT min(domain) FROM day WHERE domain > found.id) FROM found WHERE found.id IS NOT NULL
)
SELECT name.id, name.text
FROM found
JOIN name ON name.id = found.id
WHERE ?1 IS NULL OR name.text GLOB ?1 OR (?2 AND name.text GLOB '*.' || ?1)
ORDER BY name.text
