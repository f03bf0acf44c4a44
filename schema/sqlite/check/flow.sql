-- Where flow is kept, it is what traffic says.
WITH
kept AS (
    SELECT flow.domain, flow.profile, flow.ip, flow.reporter, flow.authentic, flow.messages, flow.first_day, flow.last_day FROM flow
),
said AS (
    SELECT d.domain, t.profile, t.ip, d.reporter, d.authentic, sum(t.messages) AS messages, min(d.day) AS first_day, max(d.day) AS last_day
    FROM day AS d JOIN traffic AS t ON t.day = d.id
    WHERE d.domain IN (SELECT domain FROM flow_domain)
    GROUP BY d.domain, t.profile, t.ip, d.reporter, d.authentic
),
wrong AS (
    SELECT * FROM (SELECT * FROM kept EXCEPT SELECT * FROM said)
    UNION
    SELECT * FROM (SELECT * FROM said EXCEPT SELECT * FROM kept)
)
SELECT 'the flow of ' || n.text || ' differs from its traffic for ' || count(DISTINCT profile || ',' || ip || ',' || reporter)
    || ' senders and reporters'
FROM wrong LEFT JOIN name AS n ON n.id = wrong.domain
GROUP BY wrong.domain
LIMIT 100
