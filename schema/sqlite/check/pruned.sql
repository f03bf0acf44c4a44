-- The roll-up holds no more of pruned reports than these had.
SELECT 'roll-up of ' || n.text || ' by ' || o.org || ': ' || d.archived || ' messages are of pruned reports, these had '
    || coalesce(r.messages, 0)
FROM (SELECT domain, reporter, sum(archived) AS archived FROM day WHERE archived_reports > 0 GROUP BY domain, reporter) AS d
LEFT JOIN (SELECT domain, reporter, sum(messages) AS messages FROM report WHERE state = 3 GROUP BY domain, reporter) AS r
    ON r.domain = d.domain AND r.reporter = d.reporter
JOIN name AS n ON n.id = d.domain
JOIN reporter AS o ON o.id = d.reporter
WHERE d.archived > coalesce(r.messages, 0)
LIMIT 100
