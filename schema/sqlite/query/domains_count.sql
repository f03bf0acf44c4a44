-- How many policy domains there are reports about: the first ids of the index, one by one, as in domains.sql.
WITH RECURSIVE found(id) AS (
    SELECT min(domain) FROM day
    UNION                               -- not ALL: a damaged index leads in a circle
    SELECT (SELECT min(domain) FROM day WHERE domain > found.id) FROM found WHERE found.id IS NOT NULL
)
SELECT count(id) FROM found
