-- How the sender's mail is aligned, outcome by outcome. A list is -(profile * 4 + 2 for DKIM + 1 for a strict mode).
WITH step AS MATERIALIZED (
    SELECT profile, dmarc, adkim, aspf, sum(messages) AS messages, min(first_day) AS first_day, max(last_day) AS last_day
    FROM story
    GROUP BY profile, adkim, aspf
), told AS MATERIALIZED (
    SELECT step.*, profile.header_from, alignment_words(2, step.profile, aspf) AS spf, alignment_words(1, step.profile, adkim) AS dkim,
        verdict_words(step.profile, adkim, aspf) AS verdict, contradiction_words(step.profile, adkim, aspf) AS contradiction
    FROM step
    JOIN profile ON profile.id = step.profile
)
SELECT sum(messages) AS all_messages, sum(messages), (SELECT sum(messages) FROM step),
    CASE told.dmarc WHEN 1 THEN 'pass' WHEN 0 THEN 'fail' ELSE 'unknown' END, name.text, min(first_day), max(last_day),
    min(-(profile * 4 + aspf)), min(-(profile * 4 + 2 + adkim)), verdict, contradiction
FROM told
LEFT JOIN name ON name.id = told.header_from
GROUP BY told.dmarc, told.header_from, spf, dkim, verdict, contradiction
ORDER BY all_messages DESC, verdict, spf, dkim, name.text, contradiction
