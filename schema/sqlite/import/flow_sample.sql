-- The domains without flow behind ?4 that have ?3 days of reporters at least: how many rows of traffic their newest ?1 have, at most
-- ?2, and how many different ones. The first ids of the index, one by one: there are few domains and many days.
WITH RECURSIVE found(domain) AS (
    SELECT min(domain) FROM day WHERE domain > ?4
    UNION ALL
    SELECT (SELECT min(domain) FROM day WHERE domain > found.domain) FROM found WHERE found.domain IS NOT NULL
), large AS (
    SELECT domain FROM found
    WHERE domain NOT IN (SELECT domain FROM flow_domain)
        AND (SELECT count(*) FROM (SELECT 1 FROM day WHERE day.domain = found.domain LIMIT ?3)) = ?3
)
SELECT large.domain,
    (SELECT count(*) FROM (
        SELECT 1 FROM (SELECT id FROM day WHERE domain = large.domain ORDER BY day DESC, reporter LIMIT ?1) AS newest
        CROSS JOIN traffic ON traffic.day = newest.id LIMIT ?2)),
    (SELECT count(*) FROM (SELECT DISTINCT reporter, profile, ip FROM (
        SELECT reporter, profile, ip
        FROM (SELECT id, reporter FROM day WHERE domain = large.domain ORDER BY day DESC, reporter LIMIT ?1) AS newest
        CROSS JOIN traffic ON traffic.day = newest.id LIMIT ?2)))
FROM large
