-- Who the sender is; nothing when it sent nothing. The service of an address is that of most of its messages; a network is
-- not one sender (why_sources.sql tells whose it is), and what passes needs no advice.
WITH source AS MATERIALIZED (
    SELECT group_text(group_key('source', profile, ip)) AS name, sum(messages) AS messages
    FROM (SELECT profile, ip, sum(messages) AS messages FROM story GROUP BY profile, ip)
    GROUP BY name
), service AS (
    SELECT name FROM source WHERE :kind <> 'network' AND service_kind(name) IS NOT NULL ORDER BY messages DESC, name LIMIT 1
), contradicted AS (
    SELECT coalesce(sum(messages), 0) AS messages
    FROM (SELECT profile, adkim, aspf, sum(messages) AS messages FROM story GROUP BY profile, adkim, aspf)
    WHERE contradiction_words(profile, adkim, aspf) IS NOT NULL
), total AS (
    SELECT sum(messages) AS messages, coalesce(sum(messages) FILTER (WHERE dmarc = 1), 0) AS passed,
        coalesce(sum(messages) FILTER (WHERE dmarc = 0), 0) AS failed,
        coalesce(sum(messages) FILTER (WHERE dmarc IS NULL), 0) AS unknown,
        min(first_day) AS first_day, max(last_day) AS last_day, count(DISTINCT domain) AS domains,
        count(DISTINCT reporter) AS reporters
    FROM story
)
SELECT CASE WHEN :kind = 'source' AND NOT :tenant THEN coalesce((SELECT name FROM source ORDER BY messages DESC, name LIMIT 1), :sender) ELSE :sender END,
    :kind, (SELECT name FROM service), service_kind((SELECT name FROM service)),
    CASE WHEN passed < messages THEN service_hint((SELECT name FROM service)) END,
    messages, passed, failed, unknown, (SELECT messages FROM contradicted), passed, messages, first_day, last_day,
    (SELECT count(DISTINCT ip) FROM story), domains, reporters, (SELECT count(*) FROM why_failure)
FROM total
WHERE messages IS NOT NULL
