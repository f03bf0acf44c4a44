-- Who signed the mail and with which selector. A message with two signatures counts in two rows.
WITH signed AS (
    SELECT DISTINCT step.profile, detail.a, detail.b, detail.result, step.messages
    FROM (SELECT profile, sum(messages) AS messages FROM story GROUP BY profile) AS step
    JOIN profile ON profile.id = step.profile
    JOIN json_each(profile.details) AS list
    JOIN detail ON detail.id = list.value
    WHERE detail.kind = 1
)
SELECT domain.text, selector.text, result.text, sum(messages) AS all_messages
FROM signed
LEFT JOIN name AS domain ON domain.id = signed.a
LEFT JOIN name AS selector ON selector.id = signed.b
LEFT JOIN name AS result ON result.id = signed.result
GROUP BY signed.a, signed.b, signed.result
ORDER BY all_messages DESC, domain.text, selector.text, result.text
