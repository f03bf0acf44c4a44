-- A row per period. tally and period_of are functions of src/query/lookup.c.
WITH RECURSIVE told AS MATERIALIZED (   -- the periods that reports tell of; NULL: of no known day
    SELECT value ->> 0 AS period, value ->> 1 AS messages, value ->> 2 AS passed, value ->> 3 AS failed,
        value ->> 4 AS quarantined, value ->> 5 AS rejected, value ->> 6 AS reporters, value ->> 7 AS days
    FROM json_each(tally(:by, :domains, :all, :since, :until, :whole, :authentic))
), step AS (                            -- a period is over by so many days after its first one, and the next one is not
    SELECT CASE :by WHEN 'day' THEN 1 WHEN 'week' THEN 7 ELSE 31 END AS length
), known AS MATERIALIZED (
    SELECT period FROM told WHERE period IS NOT NULL
), gap AS (                             -- from the first to the last of periods in a row that no report tells of
    SELECT coalesce(period_of(lag(period) OVER (ORDER BY period) + step.length, :by), period_of(:since, :by)) AS first,
        period_of(period - 1, :by) AS last
    FROM known, step
    UNION ALL
    SELECT period_of(max(period) + step.length, :by), period_of(:until, :by) FROM known, step HAVING count(*) > 0
), silent(period, last) AS (            -- all of them, or of more than 100 the first and the last
    SELECT first, last FROM gap WHERE first <= last
    UNION ALL
    SELECT CASE WHEN last - period >= 100 * step.length THEN last ELSE period_of(period + step.length, :by) END, last
    FROM silent, step
    WHERE period < last
), newest AS (
    SELECT *
    FROM (SELECT * FROM told UNION ALL SELECT period, NULL, NULL, NULL, NULL, NULL, 0, 0 FROM silent)
    ORDER BY period DESC NULLS FIRST
    LIMIT CASE WHEN :n > 0 THEN :n ELSE -1 END
)
SELECT period, messages, passed, failed, messages - passed - failed, passed, messages, failed - quarantined - rejected,
    quarantined, rejected, reporters, days,
    period < :since OR period_of(period + step.length, :by) - 1 > :until,
    passed, failed, max(passed + failed) OVER ()
FROM newest, step
ORDER BY period NULLS LAST
