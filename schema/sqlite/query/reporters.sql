-- Who reports, how regularly, since when not any more, and how much of what the policy asked for was not done. The key is the
-- reporter, and with --by domain the domain too (else 0).
WITH part AS MATERIALIZED (
    SELECT reporter, domain, sum(messages) AS messages, min(day) AS first_day, max(day) AS last_day,
        coalesce(max(day) FILTER (WHERE day <= :today), max(day)) AS heard
    FROM day
    WHERE domain IN (SELECT value FROM json_each(:domains)) AND (:whole OR day BETWEEN :since AND :until)
        AND (NOT :authentic OR authentic = 1)
    GROUP BY reporter, domain
), told AS (
    SELECT reporter, CASE :by WHEN 'domain' THEN domain ELSE 0 END AS about, count(*) AS domains, sum(messages) AS messages,
        min(first_day) AS first_day, max(last_day) AS last_day, max(heard) AS heard
    FROM part
    GROUP BY reporter, about
), sent AS MATERIALIZED (           -- reports by the day on which they end, so that a report of a week is one a week
    SELECT reporter, CASE :by WHEN 'domain' THEN domain ELSE 0 END AS about,
        CASE WHEN :whole THEN last_day(begin, end) ELSE min(last_day(begin, end), :until) END AS day, count(*) AS reports
    FROM report
    WHERE state IN (1, 3) AND domain IN (SELECT value FROM json_each(:domains))
        AND (:whole OR (first_day(begin, end) <= :until AND last_day(begin, end) >= :since))
        AND (NOT :authentic OR authentic = 1)
    GROUP BY reporter, about, day
), counted AS (
    SELECT reporter, about, sum(reports) AS reports,
        max(day) FILTER (WHERE day <= :today) - min(day) + 1 - count(day) FILTER (WHERE day <= :today) AS days_without
    FROM sent
    GROUP BY reporter, about
), step AS (                        -- days from each day with a report to the next
    SELECT reporter, about, lead(day) OVER (PARTITION BY reporter, about ORDER BY day) - day AS gap
    FROM sent
    WHERE day <= :today
), placed AS (
    SELECT reporter, about, gap, row_number() OVER (PARTITION BY reporter, about ORDER BY gap) AS place,
        count(*) OVER (PARTITION BY reporter, about) AS gaps
    FROM step
    WHERE gap IS NOT NULL
), usual AS (                       -- the median of at least two
    SELECT reporter, about, max(gap) FILTER (WHERE place = (gaps + 1) / 2) AS gap, max(gap) AS longest,
        sum((gap + 3) / 7 - 1) FILTER (WHERE gap > 10) AS missing_weeks
    FROM placed
    WHERE gaps > 1
    GROUP BY reporter, about
), habit AS (
    SELECT told.*, counted.reports, usual.longest,
        CASE WHEN usual.gap = 1 THEN 'daily' WHEN usual.gap BETWEEN 6 AND 8 THEN 'weekly' WHEN usual.gap > 0 THEN 'irregular' END AS habit,
        CASE WHEN usual.gap = 1 THEN days_without WHEN usual.gap BETWEEN 6 AND 8 THEN coalesce(missing_weeks, 0) END AS missing,
        max(CASE WHEN :whole THEN :today ELSE :until END - heard, 0) AS silent
    FROM told
    LEFT JOIN counted ON counted.reporter = told.reporter AND counted.about = told.about
    LEFT JOIN usual ON usual.reporter = told.reporter AND usual.about = told.about
), judged AS (
    SELECT *, silent > CASE habit WHEN 'daily' THEN 2 WHEN 'weekly' THEN 14 ELSE longest END AS is_silent FROM habit
), acted AS MATERIALIZED (
    SELECT reporter, CASE :by WHEN 'domain' THEN domain ELSE 0 END AS about, sum(messages) AS asked,
        coalesce(sum(messages) FILTER (WHERE let_through), 0) AS let_through
    FROM asked
    GROUP BY reporter, CASE :by WHEN 'domain' THEN domain ELSE 0 END
)
SELECT reporter.org, CASE :by WHEN 'domain' THEN name.text ELSE judged.domains END, coalesce(judged.reports, 0), judged.messages,
    judged.first_day, judged.last_day, judged.habit, judged.missing, judged.silent,
    CASE WHEN judged.is_silent THEN 'silent for ' || judged.silent || ' days, was ' || judged.habit END,
    coalesce(acted.asked, 0), coalesce(acted.let_through, 0), coalesce(acted.let_through, 0), coalesce(acted.asked, 0)
FROM judged
JOIN reporter ON reporter.id = judged.reporter
LEFT JOIN name ON name.id = judged.about
LEFT JOIN acted ON acted.reporter = judged.reporter AND acted.about = judged.about
ORDER BY judged.messages DESC, reporter.org, name.text
LIMIT CASE WHEN :n > 0 THEN :n ELSE -1 END
