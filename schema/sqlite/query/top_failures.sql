-- Groups of sources by failing messages. ranking and group_text are functions of src/query/lookup.c, the ..._words of phrases.c.
WITH ranked AS MATERIALIZED (
    SELECT ranking(:by, :domains, :all, :since, :until, :whole, :n) AS json
), found AS MATERIALIZED (      -- those with most failing messages; key 0: it is not said
    SELECT value ->> 0 AS key, value ->> 1 AS messages, value ->> 2 AS failing, value ->> 3 AS none, value ->> 4 AS quarantine,
        value ->> 5 AS reject, value ->> 6 AS reporters, value ->> 7 AS first_day, value ->> 8 AS last_day, value -> 9 AS profiles
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
), why AS (
    SELECT top.key, part.value ->> 0 AS profile, part.value ->> 1 AS messages FROM top, json_each(top.profiles) AS part
), reason AS (
    SELECT key, why, spf, dkim, sum(messages) AS messages
    FROM (SELECT key, why_words(profile) AS why, spf_words(profile) AS spf, dkim_words(profile) AS dkim, messages FROM why)
    GROUP BY key, why, spf, dkim
), held AS (
    SELECT *, sum(messages) OVER (PARTITION BY key, why) AS holds FROM reason
), main AS (                    -- the reason of most messages, and the domains of most of these
    SELECT *, row_number() OVER (PARTITION BY key ORDER BY holds DESC, why, messages DESC, spf, dkim) AS place FROM held
)
SELECT top.source, top.failing, top.failing, top.all_failing, top.messages, top.failing, top.messages, main.why, main.holds,
    top.failing, main.spf, main.dkim, top.none, top.quarantine, top.reject, top.reporters, top.first_day, top.last_day
FROM top
JOIN main ON main.key = top.key AND main.place = 1
ORDER BY top.failing DESC, top.source
