-- Volume by week, which begins on Monday (1970-01-01 was a Thursday): the newest 53 weeks, or those of a century when all are asked for.
WITH RECURSIVE sent AS MATERIALIZED (
    SELECT period_of(day, 'week') AS week, sum(messages) AS messages,
        coalesce(sum(messages) FILTER (WHERE dmarc = 1), 0) AS passed, coalesce(sum(messages) FILTER (WHERE dmarc = 0), 0) AS failed
    FROM why_traffic
    JOIN profile ON profile.id = why_traffic.profile
    WHERE day IS NOT NULL
    GROUP BY week
), calendar (week) AS (
    SELECT max(week) FROM sent HAVING max(week) IS NOT NULL
    UNION ALL
    SELECT week - 7 FROM calendar WHERE week > (SELECT min(week) FROM sent)
    LIMIT CASE WHEN :n > 0 THEN 53 ELSE 5300 END
)
SELECT calendar.week, coalesce(messages, 0), coalesce(passed, 0), coalesce(failed, 0), coalesce(passed, 0), coalesce(failed, 0),
    max(passed + failed) OVER ()
FROM calendar
LEFT JOIN sent ON sent.week = calendar.week
ORDER BY calendar.week
