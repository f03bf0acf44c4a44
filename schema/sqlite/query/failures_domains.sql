-- The domains that failure reports are about, and with ids below 0 the other policy domains, about which there are none.
-- ?1 NULL: all; else the domain or the wildcard pattern ?1 and, if ?2, those below it.
WITH RECURSIVE found(id) AS (
    SELECT min(domain) FROM day
    UNION                               -- not ALL: a damaged index leads in a circle
    SELECT (SELECT min(domain) FROM day WHERE domain > found.id) FROM found WHERE found.id IS NOT NULL
), known(id, text) AS (
    SELECT id, text FROM failure_domain
    UNION ALL
    SELECT -name.id, name.text FROM found JOIN name ON name.id = found.id
    WHERE name.text NOT IN (SELECT text FROM failure_domain)
)
SELECT id, text FROM known
WHERE ?1 IS NULL OR text GLOB ?1 OR (?2 AND text GLOB '*.' || ?1)
ORDER BY text
