-- Indicators: a row per policy domain and, when there are several, one for all of them together. :target_... are percentages in
-- ten-thousandths, :target_silent_days is days; NULL: no target. :parked are domains with
-- blanks between that send no mail: all of theirs is forged, and the only thing their owner can have done about it is the policy.
WITH cell AS MATERIALIZED (     -- the roll-up in the window; over everything flow has it shorter, for the domains that it is kept for
    SELECT flow.domain, flow.profile, sum(flow.messages) AS messages
    FROM flow
    WHERE :whole AND flow.domain IN (SELECT value FROM json_each(:domains)) AND (NOT :authentic OR flow.authentic = 1)
    GROUP BY flow.domain, flow.profile
    UNION ALL
    SELECT day.domain, traffic.profile, sum(traffic.messages)
    FROM day
    CROSS JOIN traffic ON traffic.day = day.id
    WHERE day.domain IN (SELECT value FROM json_each(:domains) WHERE NOT (:whole AND value IN (SELECT domain FROM flow_domain)))
        AND (:whole OR day.day BETWEEN :since AND :until) AND (NOT :authentic OR day.authentic = 1)
    GROUP BY day.domain, traffic.profile
), counted AS (
    SELECT cell.domain, sum(cell.messages) AS messages,
        sum(cell.messages * (profile.flags & 2 > 0)) AS spf_pass,
        sum(cell.messages * (profile.spf = 2)) AS spf_aligned,
        sum(cell.messages * (profile.flags & 1 > 0)) AS dkim_signed,
        sum(cell.messages * (profile.dkim = 2)) AS dkim_aligned,
        sum(cell.messages * (profile.dmarc IS 1)) AS dmarc_pass,
        sum(cell.messages * (profile.dmarc IS 0)) AS failed,
        sum(cell.messages * (profile.dmarc IS 0 AND profile.disposition IN (5, 6))) AS policy_acted,
        sum(cell.messages * (profile.flags & 4 > 0)) AS forwarded
    FROM cell
    JOIN profile ON profile.id = cell.profile
    GROUP BY cell.domain
), dated AS MATERIALIZED (      -- days with a report, NULL: those of no known day, and those that have not come
    SELECT DISTINCT domain, CASE WHEN NOT :whole OR day <= :today THEN day END AS day
    FROM day
    WHERE domain IN (SELECT value FROM json_each(:domains)) AND (:whole OR day BETWEEN :since AND :until)
        AND (NOT :authentic OR authentic = 1)
), days AS (                    -- of the window
    SELECT CASE WHEN :whole THEN :today - min(day) + 1 ELSE :until - :since + 1 END AS days FROM dated
), ended AS (
    SELECT CASE WHEN :whole THEN :today ELSE min(:until, :today) END AS day
), week AS (                    -- the newest seven days, so that a long good past does not hide them
    SELECT domain, sum(messages) AS week, sum(passed) AS week_pass
    FROM day
    WHERE domain IN (SELECT value FROM json_each(:domains)) AND (NOT :authentic OR authentic = 1)
        AND day.day BETWEEN (SELECT max(day - 6, CASE WHEN :whole THEN day - 6 ELSE :since END) FROM ended) AND (SELECT day FROM ended)
    GROUP BY domain
), reported AS (                -- a domain that had reports before the window and has none in it has to be seen
    SELECT domain, count(day) AS days_reported FROM dated GROUP BY domain
    UNION ALL
    SELECT domain, 0 FROM silence WHERE NOT :whole AND :since <= :today AND domain NOT IN (SELECT domain FROM dated)
), measured AS MATERIALIZED (   -- a domain whose reports hold no record has no traffic
    SELECT name.text AS domain, coalesce(messages, 0) AS messages, coalesce(spf_pass, 0) AS spf_pass,
        coalesce(spf_aligned, 0) AS spf_aligned, coalesce(dkim_signed, 0) AS dkim_signed, coalesce(dkim_aligned, 0) AS dkim_aligned,
        coalesce(dmarc_pass, 0) AS dmarc_pass, coalesce(failed, 0) AS failed, coalesce(policy_acted, 0) AS policy_acted,
        coalesce(forwarded, 0) AS forwarded, days_reported, silence.silent_days, silence.usual AS usual_days,
        coalesce(week.week, 0) AS week, coalesce(week.week_pass, 0) AS week_pass,
        coalesce(instr(list.words, ' ' || name.text || ' ') > 0 OR instr(list.words, ' ' || name.text || '. ') > 0, 0) AS parked
    FROM reported
    JOIN name ON name.id = reported.domain
    CROSS JOIN (SELECT ' ' || replace(lower(:parked), char(9), ' ') || ' ' AS words) AS list
    LEFT JOIN counted ON counted.domain = reported.domain
    LEFT JOIN silence ON silence.domain = reported.domain
    LEFT JOIN week ON week.domain = reported.domain
), together AS (               -- whole: what shares are of
    SELECT 0 AS place, *, messages AS whole FROM measured
    UNION ALL
    SELECT 1, '(all)', sum(messages), sum(spf_pass) FILTER (WHERE NOT parked), sum(spf_aligned) FILTER (WHERE NOT parked),
        sum(dkim_signed) FILTER (WHERE NOT parked), sum(dkim_aligned) FILTER (WHERE NOT parked),
        sum(dmarc_pass) FILTER (WHERE NOT parked), sum(failed), sum(policy_acted), sum(forwarded) FILTER (WHERE NOT parked),
        (SELECT count(DISTINCT day) FROM dated), min(silent_days), NULL, sum(week) FILTER (WHERE NOT parked),
        sum(week_pass) FILTER (WHERE NOT parked), min(parked), sum(messages) FILTER (WHERE NOT parked)
    FROM measured
    HAVING count(*) > 1
), judged AS (
    SELECT *, substr(
        CASE WHEN NOT parked AND spf_pass * 1000000 < whole * :target_spf_pass THEN ', spf-pass' ELSE '' END ||
        CASE WHEN NOT parked AND spf_aligned * 1000000 < whole * :target_spf_aligned THEN ', spf-aligned' ELSE '' END ||
        CASE WHEN NOT parked AND dkim_signed * 1000000 < whole * :target_dkim_signed THEN ', dkim-signed' ELSE '' END ||
        CASE WHEN NOT parked AND dkim_aligned * 1000000 < whole * :target_dkim_aligned THEN ', dkim-aligned' ELSE '' END ||
        CASE WHEN NOT parked AND dmarc_pass * 1000000 < whole * :target_dmarc_pass THEN ', dmarc-pass' ELSE '' END ||
        CASE WHEN NOT parked AND days > 7 AND week_pass * 1000000 < week * :target_newest_week THEN ', newest-week' ELSE '' END ||
        CASE WHEN policy_acted * 1000000 < failed * :target_policy_acted THEN ', policy-acted' ELSE '' END ||
        CASE WHEN NOT parked AND forwarded * 1000000 > whole * :target_forwarded THEN ', forwarded' ELSE '' END ||
        CASE WHEN NOT parked AND days_reported * 1000000 < days * :target_days_reported THEN ', days-reported' ELSE '' END ||
        CASE WHEN NOT parked AND silent_days > max(usual_days, :target_silent_days) THEN ', silent-days' ELSE '' END, 3) AS missed
    FROM together, days
)
SELECT domain, messages, spf_pass, whole, spf_aligned, whole, dkim_signed, whole, dkim_aligned, whole,
    dmarc_pass, whole, week_pass, week, policy_acted, failed, forwarded, whole, days_reported, days, silent_days,
    CASE
        WHEN missed <> '' THEN 'missed: ' || missed
        WHEN parked THEN CASE WHEN failed > 0 AND :target_policy_acted IS NOT NULL THEN 'ok' END
        WHEN messages > 0 AND coalesce(:target_spf_pass, :target_spf_aligned, :target_dkim_signed, :target_dkim_aligned,
            :target_dmarc_pass, :target_newest_week, :target_policy_acted, :target_forwarded, :target_days_reported, :target_silent_days) IS NOT NULL THEN 'ok'
    END
FROM judged
ORDER BY place, messages DESC, domain
