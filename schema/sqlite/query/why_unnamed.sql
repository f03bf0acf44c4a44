-- How much of a network's failing mail top-failures has under the network: what no organisation stands behind. Nothing when it is all.
WITH part AS MATERIALIZED (
    SELECT group_key('source', profile, ip) = group_key('subnet', profile, ip) AS unnamed, sum(messages) AS messages
    FROM (SELECT profile, ip, sum(messages) AS messages FROM story WHERE :kind = 'network' AND dmarc = 0 GROUP BY profile, ip)
    GROUP BY unnamed
), total AS (
    SELECT sum(messages) AS failed, coalesce(sum(messages) FILTER (WHERE unnamed), 0) AS unnamed FROM part
)
SELECT printf('This is all mail from these addresses. top-failures ranks under a network only what names no organisation: '
    || '%,d of the %,d messages that fail.', unnamed, failed)
FROM total
WHERE unnamed < failed
