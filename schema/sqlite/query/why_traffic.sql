-- The traffic of the sender in the window: found by its flows, or looked for in all traffic of the domains that have none, or of
-- whose flows a large part is the sender's (a wide network, a large service): reading on is cheaper than looking up each.
INSERT INTO why_traffic
WITH spans AS MATERIALIZED (
    SELECT domain, min(first_day) AS first_day, max(last_day) AS last_day,
        count(*) > 64 AND count(*) * 16 > (SELECT count(*) FROM flow WHERE flow.domain = why_flow.domain) AS wide
    FROM why_flow
    GROUP BY domain
), found AS (
    SELECT day.domain, day.reporter, day.day, traffic.profile, traffic.ip, traffic.messages
    FROM spans
    CROSS JOIN day ON day.domain = spans.domain AND day.day BETWEEN spans.first_day AND spans.last_day
    CROSS JOIN why_flow ON why_flow.domain = day.domain AND why_flow.reporter = day.reporter AND why_flow.authentic = day.authentic
        AND day.day BETWEEN why_flow.first_day AND why_flow.last_day
    CROSS JOIN traffic ON traffic.day = day.id AND traffic.profile = why_flow.profile AND traffic.ip = why_flow.ip
    WHERE NOT spans.wide AND (:whole OR day.day BETWEEN :since AND :until)
    UNION ALL                       -- what belongs to no day counts when no window was asked for; flow doesn't tell it
    SELECT day.domain, day.reporter, NULL, traffic.profile, traffic.ip, traffic.messages
    FROM spans
    CROSS JOIN day ON day.domain = spans.domain AND day.day IS NULL
    CROSS JOIN why_flow ON why_flow.domain = day.domain AND why_flow.reporter = day.reporter AND why_flow.authentic = day.authentic
    CROSS JOIN traffic ON traffic.day = day.id AND traffic.profile = why_flow.profile AND traffic.ip = why_flow.ip
    WHERE NOT spans.wide AND :whole
    UNION ALL
    SELECT day.domain, day.reporter, day.day, traffic.profile, traffic.ip, traffic.messages
    FROM day
    CROSS JOIN traffic ON traffic.day = day.id
    WHERE day.domain IN (
            SELECT value FROM json_each(:domains) WHERE value NOT IN (SELECT domain FROM flow_domain)
            UNION ALL SELECT domain FROM spans WHERE wide)
        AND (:whole OR day.day BETWEEN :since AND :until) AND (NOT :authentic OR day.authentic = 1)
        AND EXISTS (SELECT 1 FROM why_ip UNION ALL SELECT 1 FROM why_profile)
        AND CASE
            WHEN :kind <> 'source' THEN traffic.ip IN (SELECT ip FROM why_ip)
            WHEN traffic.profile IN (SELECT profile FROM why_profile) THEN 1
            ELSE traffic.ip IN (SELECT ip FROM why_ip) AND group_key('source', traffic.profile, 0) IS NULL
        END
)
SELECT * FROM found
WHERE coalesce(:only, 'all') = 'all'
    OR (SELECT dmarc FROM profile WHERE id = found.profile) IS CASE :only WHEN 'failing' THEN 0 WHEN 'passing' THEN 1 END
