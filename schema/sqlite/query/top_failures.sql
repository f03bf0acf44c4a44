-- Groups of sources by failing messages. ranking and group_text are functions of src/query/lookup.c, the ..._words of phrases.c.
WITH ranked AS MATERIALIZED (
    SELECT ranking(:by, :domains, :all, :since, :until, :whole, :authentic, :n) AS json
), found AS MATERIALIZED (      -- those with most failing messages; key 0: it is not said
    SELECT value ->> 0 AS key, value ->> 1 AS messages, value ->> 2 AS failing, value ->> 3 AS none, value ->> 4 AS quarantine,
        value ->> 5 AS reject, value ->> 6 AS reporters, value ->> 7 AS domains, value ->> 8 AS first_day, value ->> 9 AS last_day,
        value -> 10 AS profiles
    FROM ranked, json_each(ranked.json, '$.groups')
), top AS MATERIALIZED (
    SELECT found.*, (SELECT json ->> '$.failing' FROM ranked) AS all_failing,
        CASE
            WHEN key = 0 THEN NULL
            WHEN :by = 'ip' THEN (SELECT text FROM ip WHERE id = key)
            WHEN :by = 'reporter' THEN (SELECT org FROM reporter WHERE id = key)
            WHEN :by IN ('domain', 'header-from', 'envelope-from') THEN (SELECT text FROM name WHERE id = key)
            ELSE group_text(key)
        END AS source
    FROM found
    ORDER BY failing DESC, source
    LIMIT CASE WHEN :n > 0 THEN :n ELSE -1 END
), told AS MATERIALIZED (       -- failure reports, by the same groups, where they tell of what groups
    SELECT CASE :by
            WHEN 'ip' THEN source_ip
            WHEN 'reporter' THEN NULL
            WHEN 'domain' THEN (SELECT text FROM failure_domain WHERE id = failure.domain)
            WHEN 'header-from' THEN header_from
            WHEN 'envelope-from' THEN NULL
            ELSE failure_group(:by, id)
        END AS source, count(*) AS reports
    FROM failure
    WHERE type = 'auth-failure' AND (NOT :authentic OR authentic = 1)
        AND (:all OR (SELECT text FROM failure_domain WHERE id = failure.domain)
            IN (SELECT text FROM name WHERE id IN (SELECT value FROM json_each(:domains))))
        AND (:whole OR coalesce(arrived, sent) BETWEEN :since * 86400 AND :until * 86400 + 86399)
    GROUP BY 1
), explained AS (              -- with the reason of most messages, and the domains of most of these; no join: it would try every pair
    SELECT top.*, (
        SELECT json_array(why, spf, dkim, holds)
        FROM (
            SELECT why, spf, dkim, messages, sum(messages) OVER (PARTITION BY why) AS holds
            FROM (
                SELECT why_words(part.value ->> 0) AS why, spf_words(part.value ->> 0) AS spf, dkim_words(part.value ->> 0) AS dkim,
                    sum(part.value ->> 1) AS messages
                FROM json_each(top.profiles) AS part
                GROUP BY 1, 2, 3
            )
        )
        ORDER BY holds DESC, why, messages DESC, spf, dkim
        LIMIT 1
    ) AS main
    FROM top
)
SELECT source, failing, failing, all_failing, messages, failing, messages, main ->> 0, main ->> 3, failing, main ->> 1, main ->> 2,
    none, quarantine, reject, reporters, CASE WHEN :by <> 'domain' THEN domains END, first_day, last_day,
    CASE WHEN :by NOT IN ('reporter', 'envelope-from') THEN
        coalesce((SELECT reports FROM told WHERE told.source IS explained.source), 0)
    END
FROM explained
ORDER BY failing DESC, source
