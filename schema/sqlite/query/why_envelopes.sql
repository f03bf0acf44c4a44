-- Return paths, and the domains that SPF checked. A message with two SPF results counts in two rows.
WITH checked AS (
    SELECT DISTINCT step.profile, profile.envelope_from, detail.a, detail.b, detail.result, step.messages
    FROM (SELECT profile, sum(messages) AS messages FROM story GROUP BY profile) AS step
    JOIN profile ON profile.id = step.profile
    LEFT JOIN json_each(profile.details) AS list ON (SELECT kind FROM detail WHERE id = list.value) = 2
    LEFT JOIN detail ON detail.id = list.value
)
SELECT envelope.text, domain.text, scope.text, result.text, sum(messages) AS all_messages
FROM checked
LEFT JOIN name AS envelope ON envelope.id = checked.envelope_from
LEFT JOIN name AS domain ON domain.id = checked.a
LEFT JOIN name AS scope ON scope.id = checked.b
LEFT JOIN name AS result ON result.id = checked.result
WHERE checked.envelope_from IS NOT NULL OR checked.a IS NOT NULL
GROUP BY checked.envelope_from, checked.a, checked.b, checked.result
ORDER BY all_messages DESC, envelope.text, domain.text, scope.text, result.text
