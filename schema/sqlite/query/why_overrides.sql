-- Why receivers did something else than the policy says. A message with two reasons counts in two rows.
WITH reason AS (
    SELECT DISTINCT step.profile, step.dmarc, profile.disposition, detail.a, detail.c, step.messages
    FROM (SELECT profile, dmarc, sum(messages) AS messages FROM story GROUP BY profile) AS step
    JOIN profile ON profile.id = step.profile
    JOIN json_each(profile.details) AS list
    JOIN detail ON detail.id = list.value
    WHERE detail.kind = 0
)
SELECT type.text, comment.text, sum(messages) AS all_messages, coalesce(sum(messages) FILTER (WHERE reason.dmarc = 0), 0)
FROM reason
LEFT JOIN name AS type ON type.id = reason.a
LEFT JOIN name AS comment ON comment.id = reason.c
GROUP BY reason.a, reason.c
ORDER BY all_messages DESC, type.text, comment.text
