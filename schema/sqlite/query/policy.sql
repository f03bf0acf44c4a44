-- A row per domain and policy, or per reporter of these (:by = 'reporter'), in the order of time. first_day, last_day and
-- expected_action are functions of src/query/lookup.c.
WITH told AS (                          -- all reports as they lie, or by the index those of some domains
    SELECT domain, policy, reporter, begin, end, messages, failed, failed_quarantined, failed_rejected
    FROM report
    WHERE :all AND state IN (1, 3) AND (NOT :authentic OR authentic = 1)
    UNION ALL
    SELECT domain, policy, reporter, begin, end, messages, failed, failed_quarantined, failed_rejected
    FROM report
    WHERE NOT :all AND state IN (1, 3) AND domain IN (SELECT value FROM json_each(:domains))
        AND (NOT :authentic OR authentic = 1)
), seen AS MATERIALIZED (               -- what each reporter says of a policy
    SELECT domain, policy, reporter, min(first_day(begin, end)) AS first_day, max(last_day(begin, end)) AS last_day,
        count(*) AS reports, sum(messages) AS messages, sum(failed) AS failed, sum(failed_quarantined) AS quarantined,
        sum(failed_rejected) AS rejected
    FROM told
    WHERE :whole OR (first_day(begin, end) <= :until AND last_day(begin, end) >= :since)
    GROUP BY policy, reporter
), span AS (
    SELECT policy, min(first_day) AS first_day FROM seen GROUP BY policy
), published AS MATERIALIZED (
    SELECT span.first_day, policy.* FROM span JOIN policy ON policy.id = span.policy
), crowded AS MATERIALIZED (            -- forged reports may make thousands of policies, and each is compared with each
    SELECT domain FROM published GROUP BY domain HAVING count(*) > 250
), changed AS MATERIALIZED (            -- the day on which a policy was first seen that says otherwise; what is missing says nothing
    SELECT old.id AS policy, min(new.first_day) AS next_day
    FROM published AS old
    JOIN published AS new ON new.domain = old.domain AND new.first_day > old.first_day
        AND (new.p <> old.p OR new.sp <> old.sp OR new.np <> old.np OR new.adkim <> old.adkim OR new.aspf <> old.aspf
            OR new.pct <> old.pct OR new.fo <> old.fo OR new.testing <> old.testing)
    WHERE old.domain NOT IN (SELECT domain FROM crowded)
    GROUP BY old.id
), stale AS MATERIALIZED (              -- who told of a policy after that day, and when of another one
    SELECT seen.policy, seen.reporter, seen.last_day, changed.next_day, min(other.first_day) AS adopted
    FROM seen
    JOIN changed ON changed.policy = seen.policy AND seen.last_day > changed.next_day
    LEFT JOIN seen AS other ON other.domain = seen.domain AND other.reporter = seen.reporter AND other.policy <> seen.policy
        AND other.first_day >= changed.next_day
    GROUP BY seen.policy, seen.reporter
), returned AS MATERIALIZED (           -- what comes after another one was told of is a return to the old one
    SELECT stale.policy, stale.reporter, max(last_day(told.begin, told.end)) AS last_day
    FROM told
    CROSS JOIN stale ON stale.policy = told.policy AND stale.reporter = told.reporter
    WHERE stale.last_day >= stale.adopted AND last_day(told.begin, told.end) < stale.adopted
    GROUP BY stale.policy, stale.reporter
), late AS MATERIALIZED (               -- and how long
    SELECT stale.policy, stale.reporter,
        CASE WHEN adopted IS NULL OR stale.last_day < adopted THEN stale.last_day ELSE returned.last_day END - next_day AS days
    FROM stale
    LEFT JOIN returned ON returned.policy = stale.policy AND returned.reporter = stale.reporter
), line AS (
    SELECT seen.policy, CASE :by WHEN 'reporter' THEN reporter.org END AS reporter, min(seen.first_day) AS first_day,
        max(seen.last_day) AS last_day, changed.next_day, sum(late.days > 0) AS late_reporters, max(late.days) AS late_days,
        sum(reports) AS reports, count(*) AS reporters, sum(messages) AS messages, sum(failed) AS failed,
        sum(quarantined) AS quarantined, sum(rejected) AS rejected
    FROM seen
    JOIN reporter ON reporter.id = seen.reporter
    LEFT JOIN changed ON changed.policy = seen.policy
    LEFT JOIN late ON late.policy = seen.policy AND late.reporter = seen.reporter
    GROUP BY seen.policy, CASE :by WHEN 'reporter' THEN reporter.org END
)
SELECT name.text, p, sp, np, adkim, aspf, pct, fo, testing, discovery_method,
    line.reporter,
    line.first_day, line.last_day, line.next_day,
    CASE WHEN line.next_day IS NOT NULL AND line.reporter IS NULL THEN coalesce(late_reporters, 0) END,
    CASE WHEN line.next_day IS NOT NULL THEN max(coalesce(late_days, 0), 0) END,
    reports, CASE WHEN line.reporter IS NULL THEN reporters END, messages, failed, quarantined, rejected, quarantined + rejected, failed,
    expected_action(p, sp, pct, testing)
FROM line
JOIN published ON published.id = line.policy
JOIN name ON name.id = published.domain
ORDER BY name.text, published.first_day NULLS LAST, p, sp, np, adkim, aspf, pct, fo, testing, discovery_method,
    line.reporter
