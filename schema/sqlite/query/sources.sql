-- The sources, the most mail first and those that only spoof last: with :fold these as one row. Domains are left out with :brief
-- where there is only one, and evidence where nothing is to be done.
WITH folded AS (
    SELECT CASE WHEN min(domain) = max(domain) THEN min(domain) END AS domain, count(*) AS sources, sum(addresses) AS addresses,
        sum(messages) AS messages, sum(recent) AS recent, max(more) AS more, min(first_day) AS first_day, max(last_day) AS last_day
    FROM source_row
    WHERE spoofed AND :fold
    HAVING count(*) > 0
), told AS (
    SELECT domain, coalesce(source, 'all other sources') AS source, class, messages, passing, trend, first_day, last_day, decision,
        recent, addresses, NULL AS sources, also, CASE WHEN notable OR NOT :brief THEN evidence END AS evidence, fix, spoofed
    FROM source_row
    WHERE NOT (spoofed AND :fold)
    UNION ALL
    SELECT domain, printf('%s%,d spoofing address%s', CASE WHEN more THEN 'over ' ELSE '' END, addresses, CASE addresses WHEN 1 THEN '' ELSE 'es' END), 'spoofed', messages, 0,
        NULL, first_day, last_day, NULL, recent, addresses, sources, NULL, NULL, NULL, 2
    FROM folded
)
SELECT told.source, CASE WHEN NOT :brief OR json_array_length(:domains) > 1 THEN name.text END, told.class, told.messages,
    told.passing, told.messages, told.trend, told.first_day, told.last_day, told.decision, told.recent, told.addresses, told.sources,
    told.also, told.evidence, told.fix
FROM told
LEFT JOIN name ON name.id = told.domain
ORDER BY told.spoofed, told.messages DESC, told.source, name.text
