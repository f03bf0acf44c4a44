-- The domains without flow: how often the same traffic comes again in the newest ?1 days of reporters that have it, of at most
-- ?2 rows a domain. The first ids of the index, one by one: there are few domains and many days.
WITH RECURSIVE found(domain) AS (
    SELECT min(domain) FROM day
    UNION ALL
    SELECT (SELECT min(domain) FROM day WHERE domain > found.domain) FROM found WHERE found.domain IS NOT NULL
)
SELECT found.domain,
    (SELECT count(*) FROM (SELECT 1 FROM day WHERE domain = found.domain LIMIT ?3)),
    (SELECT count(*) FROM (
        SELECT 1 FROM (SELECT id FROM day WHERE domain = found.domain ORDER BY day DESC, reporter LIMIT ?1) AS newest
        CROSS JOIN traffic ON traffic.day = newest.id LIMIT ?2)),
    (SELECT count(*) FROM (SELECT DISTINCT reporter, profile, ip FROM (
        SELECT reporter, profile, ip
        FROM (SELECT id, reporter FROM day WHERE domain = found.domain ORDER BY day DESC, reporter LIMIT ?1) AS newest
        CROSS JOIN traffic ON traffic.day = newest.id LIMIT ?2)))
FROM found
WHERE found.domain IS NOT NULL AND found.domain NOT IN (SELECT domain FROM flow_domain)
