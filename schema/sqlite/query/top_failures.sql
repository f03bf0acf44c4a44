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
), keyed AS (                   -- each with its group; 0: it has none
    SELECT
        coalesce(CASE :by
            WHEN 'ip' THEN part.ip
            WHEN 'reporter' THEN part.reporter
            WHEN 'domain' THEN part.domain
            WHEN 'header-from' THEN profile.header_from
            WHEN 'envelope-from' THEN profile.envelope_from
            ELSE group_key(:by, part.profile, part.ip)
        END, 0) AS key,
        part.profile, part.reporter, part.messages, part.first_day, part.last_day, profile.dmarc, profile.disposition
    FROM part
    CROSS JOIN profile ON profile.id = part.profile
), ranked AS MATERIALIZED (
    SELECT key, sum(messages) AS messages, sum(messages) FILTER (WHERE dmarc = 0) AS failing,
        count(DISTINCT CASE WHEN dmarc = 0 THEN reporter END) AS reporters,
        coalesce(sum(messages) FILTER (WHERE dmarc = 0 AND disposition = 4), 0) AS none,
        coalesce(sum(messages) FILTER (WHERE dmarc = 0 AND disposition = 5), 0) AS quarantine,
        coalesce(sum(messages) FILTER (WHERE dmarc = 0 AND disposition = 6), 0) AS reject,
        min(CASE WHEN dmarc = 0 THEN first_day END) AS first_day, max(CASE WHEN dmarc = 0 THEN last_day END) AS last_day
    FROM keyed
    GROUP BY key
    HAVING failing > 0
), named AS (
    SELECT ranked.*,
        CASE
            WHEN key = 0 THEN NULL
            WHEN :by = 'ip' THEN (SELECT text FROM ip WHERE id = key)
            WHEN :by = 'reporter' THEN (SELECT org FROM reporter WHERE id = key)
            WHEN :by IN ('domain', 'header-from', 'envelope-from') THEN (SELECT text FROM name WHERE id = key)
            ELSE group_text(key)
        END AS source
    FROM ranked
), top AS MATERIALIZED (
    SELECT named.*, (SELECT sum(failing) FROM ranked) AS all_failing
    FROM named
    ORDER BY failing DESC, source
    LIMIT CASE WHEN :n > 0 THEN :n ELSE -1 END
), why AS MATERIALIZED (
    SELECT key, profile, sum(messages) AS messages
    FROM keyed
    WHERE dmarc = 0 AND key IN (SELECT key FROM top)
    GROUP BY key, profile
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
