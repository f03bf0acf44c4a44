-- The traffic of the sender with the modes of alignment: those of the domain, or where they changed those of the newest report that tells
-- of the day. Over everything flow has the sums already.
INSERT INTO story
WITH usual AS MATERIALIZED (
    SELECT domain, min(coalesce(adkim = 's', 0) * 2 + coalesce(aspf = 's', 0)) AS mode,
        domain IN (SELECT domain FROM why_policy) AS changed, domain IN (SELECT domain FROM flow_domain) AS flows
    FROM policy
    GROUP BY domain
), told AS (
    SELECT why_traffic.domain, reporter, profile, ip,
        coalesce(CASE WHEN usual.changed THEN (
            SELECT adkim * 2 + aspf FROM why_policy
            WHERE why_policy.domain = why_traffic.domain AND why_policy.reporter = why_traffic.reporter
                AND first_day <= coalesce(day, -1000000) AND last_day >= coalesce(day, -1000000)
            ORDER BY first_day DESC, adkim DESC, aspf DESC LIMIT 1) END, usual.mode, 0) AS told_mode,
        sum(messages) AS messages, min(day) AS first_day, max(day) AS last_day
    FROM why_traffic
    LEFT JOIN usual ON usual.domain = why_traffic.domain
    WHERE NOT (:whole AND coalesce(usual.flows AND NOT usual.changed, 0))
    GROUP BY why_traffic.domain, reporter, profile, ip, told_mode
    UNION ALL
    SELECT why_flow.domain, reporter, profile, ip, usual.mode, messages, first_day, last_day
    FROM why_flow
    JOIN usual ON usual.domain = why_flow.domain
    WHERE :whole AND usual.flows AND NOT usual.changed
)
SELECT told.domain, told.reporter, told.profile, told.ip, profile.dmarc, told.told_mode / 2, told.told_mode % 2, told.messages,
    told.first_day, told.last_day
FROM told
JOIN profile ON profile.id = told.profile
WHERE coalesce(:only, 'all') = 'all' OR profile.dmarc IS CASE :only WHEN 'failing' THEN 0 WHEN 'passing' THEN 1 END
