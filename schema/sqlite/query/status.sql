-- One row per policy domain.
WITH coverage AS (
    SELECT domain, sum(messages) AS messages, sum(passed) AS passed, count(DISTINCT reporter) AS reporters,
        min(day) AS first_day, coalesce(max(day) FILTER (WHERE day <= :today), max(day)) AS last_day,
        coalesce(max(:today - min(day) + 1, 0) - count(DISTINCT day) FILTER (WHERE day <= :today), 0) AS gaps   -- to the newest day of all
    FROM day
    WHERE domain IN (SELECT value FROM json_each(:domains)) AND (NOT :authentic OR authentic = 1)
    GROUP BY domain
), counted AS MATERIALIZED (
    SELECT domain, count(*) AS reports, sum(authentic = 1) AS authenticated,
        sum(authentic = 2) AS forged, coalesce(max(begin) FILTER (WHERE begin / 86400 <= :today), max(coalesce(begin, 0))) AS latest
    FROM report
    WHERE state IN (1, 3) AND domain IN (SELECT value FROM json_each(:domains)) AND (NOT :authentic OR authentic = 1)
    GROUP BY domain
), published AS (
    -- the policy of the report with the latest begin; of several, one that does not depend on who arrived first
    SELECT report.domain, report.policy,
        row_number() OVER (PARTITION BY report.domain ORDER BY report.end DESC, reporter.org, report.report_id, report.id) AS place
    FROM report
    JOIN counted ON counted.domain = report.domain AND counted.latest = coalesce(report.begin, 0)
    JOIN reporter ON reporter.id = report.reporter
    WHERE report.state IN (1, 3) AND (NOT :authentic OR report.authentic = 1)
)
SELECT name.text, counted.reports, coverage.messages, coverage.passed, coverage.messages, coverage.reporters,
    coverage.first_day, coverage.last_day, coverage.gaps,
    (SELECT substr(
            coalesce('; p=' || p, '') || coalesce('; sp=' || sp, '') || coalesce('; np=' || np, '') ||
            coalesce('; pct=' || pct, '') || coalesce('; t=' || testing, ''), 3)
        FROM policy WHERE policy.id = published.policy),
    counted.authenticated, counted.forged
FROM coverage
JOIN counted USING (domain)
JOIN published ON published.domain = coverage.domain AND published.place = 1
JOIN name ON name.id = coverage.domain
ORDER BY coverage.messages DESC, name.text
