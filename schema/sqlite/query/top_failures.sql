-- Groups of sources by failing messages. group_key, group_text and the ..._words are functions of src/query/lookup.c.
WITH part AS (                  -- the roll-up in the window; over everything flow has it shorter, for the domains that it is kept for
    SELECT flow.domain, flow.reporter, flow.profile, flow.ip, flow.messages, flow.first_day, flow.last_day
    FROM flow
    WHERE :whole AND flow.domain IN (SELECT value FROM json_each(:domains))
    UNION ALL
    SELECT day.domain, day.reporter, traffic.profile, traffic.ip, traffic.messages, day.day, day.day
    FROM day
    CROSS JOIN traffic ON traffic.day = day.id
    WHERE day.domain IN (SELECT value FROM json_each(:domains) WHERE NOT (:whole AND value IN (SELECT domain FROM flow_domain)))
        AND (:whole OR day.day BETWEEN :since AND :until)
), cell AS MATERIALIZED (       -- group by group
    SELECT
        coalesce(CASE :by
            WHEN 'ip' THEN part.ip
            WHEN 'reporter' THEN part.reporter
            WHEN 'domain' THEN part.domain
            WHEN 'header-from' THEN profile.header_from
            WHEN 'envelope-from' THEN profile.envelope_from
            ELSE group_key(:by, part.profile, part.ip)
        END, 0) AS key,         -- 0: missing
        part.profile, part.reporter, sum(part.messages) AS messages, min(part.first_day) AS first_day,
        max(part.last_day) AS last_day
    FROM part
    JOIN profile ON profile.id = part.profile
    GROUP BY key, part.profile, part.reporter
), failing AS MATERIALIZED (
    SELECT cell.key, cell.profile, cell.reporter, cell.messages, cell.first_day, cell.last_day, disposition.text AS disposition
    FROM cell
    JOIN profile ON profile.id = cell.profile
    LEFT JOIN name AS disposition ON disposition.id = profile.disposition
    WHERE profile.dmarc = 0
), ranked AS MATERIALIZED (
    SELECT key, sum(messages) AS failing, count(DISTINCT reporter) AS reporters,
        sum(CASE WHEN disposition = 'none' THEN messages ELSE 0 END) AS none,
        sum(CASE WHEN disposition = 'quarantine' THEN messages ELSE 0 END) AS quarantine,
        sum(CASE WHEN disposition = 'reject' THEN messages ELSE 0 END) AS reject,
        min(first_day) AS first_day, max(last_day) AS last_day,
        CASE
            WHEN key = 0 THEN NULL
            WHEN :by = 'ip' THEN (SELECT text FROM ip WHERE id = key)
            WHEN :by = 'reporter' THEN (SELECT org FROM reporter WHERE id = key)
            WHEN :by IN ('domain', 'header-from', 'envelope-from') THEN (SELECT text FROM name WHERE id = key)
            ELSE group_text(key)
        END AS source
    FROM failing
    GROUP BY key
    HAVING sum(messages) > 0
), top AS MATERIALIZED (
    SELECT ranked.*, (SELECT sum(failing) FROM ranked) AS all_failing
    FROM ranked
    ORDER BY failing DESC, source
    LIMIT CASE WHEN :n > 0 THEN :n ELSE -1 END
), total AS (
    SELECT key, sum(messages) AS messages FROM cell GROUP BY key
), why AS MATERIALIZED (
    SELECT key, profile, sum(messages) AS messages FROM failing WHERE key IN (SELECT key FROM top) GROUP BY key, profile
), reason AS (
    SELECT key, why, spf, dkim, sum(messages) AS messages
    FROM (SELECT key, why_words(profile) AS why, spf_words(profile) AS spf, dkim_words(profile) AS dkim, messages FROM why)
    GROUP BY key, why, spf, dkim
), held AS (
    SELECT *, sum(messages) OVER (PARTITION BY key, why) AS holds FROM reason
), main AS (                    -- the reason of most messages, and the domains of most of these
    SELECT *, row_number() OVER (PARTITION BY key ORDER BY holds DESC, why, messages DESC, spf, dkim) AS place FROM held
)
SELECT top.source, top.failing, top.failing, top.all_failing, total.messages, top.failing, total.messages, main.why, main.holds,
    top.failing, main.spf, main.dkim, top.none, top.quarantine, top.reject, top.reporters, top.first_day, top.last_day
FROM top
JOIN total ON total.key = top.key
JOIN main ON main.key = top.key AND main.place = 1
ORDER BY top.failing DESC, top.source
