-- Why reporters let mail through. A message with two reasons counts in two rows.
WITH reason AS (
    SELECT DISTINCT asked.reporter, asked.domain, asked.profile, detail.a, asked.messages
    FROM asked
    JOIN profile ON profile.id = asked.profile
    LEFT JOIN json_each(profile.details) AS list ON (SELECT kind FROM detail WHERE id = list.value) = 0
    LEFT JOIN detail ON detail.id = list.value
    WHERE asked.let_through
)
SELECT reporter.org, domain.text, type.text, sum(messages) AS all_messages
FROM reason
JOIN reporter ON reporter.id = reason.reporter
JOIN name AS domain ON domain.id = reason.domain
LEFT JOIN name AS type ON type.id = reason.a
GROUP BY reason.reporter, reason.domain, reason.a
ORDER BY all_messages DESC, reporter.org, domain.text, type.text
LIMIT CASE WHEN :n > 0 THEN :n ELSE -1 END
