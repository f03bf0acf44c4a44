-- One row per policy domain.
WITH coverage AS (
    SELECT domain, sum(messages) AS messages, sum(passed) AS passed, count(DISTINCT reporter) AS reporters,
        min(day) AS first_day, max(day) AS last_day, count(DISTINCT day) AS days
    FROM day
    WHERE :domain IS NULL OR domain = :domain
    GROUP BY domain
), counted AS (
    -- policy is that of the report with the latest begin
    SELECT domain, count(*) AS reports, max(coalesce(begin, 0)) AS latest, policy
    FROM report
    WHERE state = 1 AND (:domain IS NULL OR domain = :domain)
    GROUP BY domain
)
SELECT name.text, counted.reports, coverage.messages, coverage.passed, coverage.messages, coverage.reporters,
    coverage.first_day, coverage.last_day, coverage.last_day - coverage.first_day + 1 - coverage.days,
    (SELECT substr(
            coalesce('; p=' || p, '') || coalesce('; sp=' || sp, '') || coalesce('; np=' || np, '') ||
            coalesce('; pct=' || pct, '') || coalesce('; t=' || testing, ''), 3)
        FROM policy WHERE policy.id = counted.policy)
FROM coverage
JOIN counted USING (domain)
JOIN name ON name.id = coverage.domain
ORDER BY coverage.messages DESC, name.text
