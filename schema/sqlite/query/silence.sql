-- Only the last year tells how often there is a report: who mails weekly now may have mailed daily once.
INSERT INTO silence
WITH ended AS (
    SELECT CASE WHEN :whole THEN :today ELSE min(:until, :today) END AS day
), heard AS MATERIALIZED (
    SELECT scope.value AS domain, ended.day AS until, (
            SELECT day FROM day
            WHERE domain = scope.value AND day <= ended.day AND (NOT :authentic OR authentic = 1)
            ORDER BY day DESC LIMIT 1
        ) AS last_day
    FROM json_each(:domains) AS scope, ended
), told AS (
    SELECT DISTINCT heard.domain, day.day
    FROM heard CROSS JOIN day ON day.domain = heard.domain AND day.day BETWEEN heard.last_day - 365 AND heard.last_day
    WHERE NOT :authentic OR day.authentic = 1
), step AS (                        -- days from each day with a report to the next
    SELECT domain, lead(day) OVER (PARTITION BY domain ORDER BY day) - day AS gap FROM told
), placed AS (
    SELECT domain, gap, row_number() OVER (PARTITION BY domain ORDER BY gap) AS place, count(*) OVER (PARTITION BY domain) AS gaps
    FROM step
    WHERE gap IS NOT NULL
), usual AS (                       -- of at least two
    SELECT domain, min(gap) FILTER (WHERE place * 10 >= gaps * 9) AS gap FROM placed WHERE gaps > 1 GROUP BY domain
)
SELECT heard.domain, heard.last_day, heard.until - heard.last_day, 2 * usual.gap
FROM heard
LEFT JOIN usual ON usual.domain = heard.domain
WHERE heard.last_day IS NOT NULL
