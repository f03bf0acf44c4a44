-- Which sources an address or a network stands for.
WITH part AS MATERIALIZED (
    SELECT group_text(group_key('source', profile, ip)) AS source, dmarc, sum(messages) AS messages
    FROM (SELECT profile, ip, dmarc, sum(messages) AS messages FROM story WHERE :kind <> 'source' GROUP BY profile, ip)
    GROUP BY source, dmarc
)
SELECT source, service_kind(source), sum(messages) AS all_messages, coalesce(sum(messages) FILTER (WHERE dmarc = 0), 0)
FROM part
GROUP BY source
ORDER BY all_messages DESC, source
