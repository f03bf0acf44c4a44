-- The roll-up in the window, day by day: ids of blocks (src/query/block.h) stand for the address and the profile. The parts of
-- reports are put in order once: LIMIT keeps their ORDER BY, CROSS JOIN their place in front of the traffic.
WITH ordered AS MATERIALIZED (
    SELECT day.id, day.day, name.text AS domain, reporter.org AS reporter
    FROM day
    JOIN name ON name.id = day.domain
    JOIN reporter ON reporter.id = day.reporter
    WHERE day.domain IN (SELECT value FROM json_each(:domains)) AND (:whole OR day.day BETWEEN :since AND :until)
        AND (NOT :authentic OR day.authentic = 1)
    ORDER BY day.day, name.text, reporter.org, day.authentic
    LIMIT -1
)
SELECT ordered.day, ordered.domain, ordered.reporter, traffic.ip, traffic.messages, traffic.profile
FROM ordered
CROSS JOIN traffic ON traffic.day = ordered.id
WHERE nullif(:only, 'all') IS NULL OR :only = (
    SELECT CASE dmarc WHEN 0 THEN 'failing' WHEN 1 THEN 'passing' ELSE 'unknown' END FROM profile WHERE id = traffic.profile)
