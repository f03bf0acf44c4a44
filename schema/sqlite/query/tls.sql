-- Groups by sessions that failed. Of a result type or an MX host these come from the details; of a reporter, policy or report from
-- the summaries, which also tell of all its sessions. How many of the successful ones went to which host, no report says.
-- tls_meaning and tls_advice are functions of src/query/phrases.c.
WITH named AS MATERIALIZED (
    SELECT asked.policy, asked.reporter, asked.first_day, asked.last_day, asked.ok, asked.failed, asked.counted, asked.detailed,
        CASE :by
            WHEN 'reporter' THEN reporter.org
            WHEN 'report' THEN 'T' || asked.report
            ELSE coalesce(nullif(domain.text, ''), '(no domain)') || ': ' || coalesce(type.text, 'unknown') || coalesce(' (' || (
                SELECT trim(substr(line.value, 6)) FROM json_each(strings.text) AS line WHERE line.value LIKE 'mode:%' LIMIT 1
            ) || ')', '')
        END AS source
    FROM tls_asked AS asked
    JOIN reporter ON reporter.id = asked.reporter
    JOIN name AS domain ON domain.id = asked.domain
    LEFT JOIN name AS type ON type.id = asked.type
    LEFT JOIN name AS strings ON strings.id = asked.strings
), detail AS MATERIALIZED (
    SELECT CASE :by WHEN 'result-type' THEN failure.result WHEN 'mx' THEN failure.mx ELSE named.source END AS source,
        failure.result, failure.mx, failure.sessions, named.reporter, named.first_day, named.last_day
    FROM tls_failed AS failure JOIN named ON named.policy = failure.policy
), by_detail AS MATERIALIZED (
    SELECT source, CASE WHEN count(sessions) > 0 THEN CAST(total(sessions) AS INTEGER) END AS failed,
        count(DISTINCT mx) AS mx_hosts, count(DISTINCT reporter) AS reporters, min(first_day) AS first_day, max(last_day) AS last_day
    FROM detail
    GROUP BY source
), by_summary AS MATERIALIZED (
    SELECT source,
        CASE WHEN count(failed) + sum(counted) > 0 THEN CAST(total(coalesce(failed, detailed)) AS INTEGER) END AS failed,
        CASE WHEN count(ok) + count(failed) > 0 THEN CAST(total(ok) + total(coalesce(failed, detailed)) AS INTEGER) END AS sessions,
        count(DISTINCT reporter) AS reporters, min(first_day) AS first_day, max(last_day) AS last_day
    FROM named
    GROUP BY source
), grouped AS (
    SELECT source, failed,
        CASE :by WHEN 'result-type' THEN (SELECT CAST(total(ok) + total(coalesce(failed, detailed)) AS INTEGER) FROM named) END AS sessions,
        mx_hosts, reporters, first_day, last_day
    FROM by_detail
    WHERE :by IN ('result-type', 'mx')
    UNION ALL
    SELECT part.source, part.failed, part.sessions, coalesce(by_detail.mx_hosts, 0), part.reporters, part.first_day, part.last_day
    FROM by_summary AS part
    LEFT JOIN by_detail ON by_detail.source = part.source
    WHERE :by NOT IN ('result-type', 'mx')
), told AS MATERIALIZED (
    SELECT grouped.*, CAST(total(failed) OVER () AS INTEGER) AS all_failed, (
        SELECT result FROM detail
        WHERE detail.source IS grouped.source AND result IS NOT NULL
        GROUP BY result
        ORDER BY total(sessions) DESC, result
        LIMIT 1
    ) AS main
    FROM grouped
)
SELECT source, failed, failed, all_failed, sessions, failed, sessions, CASE WHEN :by <> 'result-type' THEN main END,
    tls_meaning(main), tls_advice(main), CASE WHEN :by <> 'mx' THEN mx_hosts END,
    CASE WHEN :by NOT IN ('reporter', 'report') THEN reporters END, first_day, last_day
FROM told
ORDER BY failed DESC, source
LIMIT CASE WHEN :n > 0 THEN :n ELSE -1 END
