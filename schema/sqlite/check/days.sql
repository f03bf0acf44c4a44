-- A day's totals are the sums of its traffic.
SELECT 'day ' || d.id || ': its totals are ' || d.messages || ', ' || d.passed || ' passed and ' || d.failed
    || ' failed, its traffic is ' || coalesce(s.messages, 0) || ', ' || coalesce(s.passed, 0) || ' and '
    || coalesce(s.failed, 0)
FROM day AS d
LEFT JOIN (
    SELECT t.day, sum(t.messages) AS messages, sum(CASE WHEN p.dmarc = 1 THEN t.messages ELSE 0 END) AS passed,
        sum(CASE WHEN p.dmarc = 0 THEN t.messages ELSE 0 END) AS failed
    FROM traffic AS t JOIN profile AS p ON p.id = t.profile
    GROUP BY t.day
) AS s ON s.day = d.id
WHERE d.messages <> coalesce(s.messages, 0) OR d.passed <> coalesce(s.passed, 0) OR d.failed <> coalesce(s.failed, 0)
UNION ALL
SELECT 'the total of all days is ' || sum(messages) || ', it is kept as '
    || (SELECT value FROM setting WHERE name = 'messages')
FROM day
HAVING coalesce(sum(messages), 0) <> coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'messages'), 0)
LIMIT 100
