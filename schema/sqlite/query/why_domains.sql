-- In whose name the sender sent.
SELECT domain.text, header_from.text, sum(messages) AS all_messages, coalesce(sum(messages) FILTER (WHERE story.dmarc = 1), 0),
    coalesce(sum(messages) FILTER (WHERE story.dmarc = 0), 0), coalesce(sum(messages) FILTER (WHERE story.dmarc = 1), 0),
    sum(messages), min(first_day), max(last_day)
FROM story
JOIN profile ON profile.id = story.profile
JOIN name AS domain ON domain.id = story.domain
LEFT JOIN name AS header_from ON header_from.id = profile.header_from
GROUP BY story.domain, profile.header_from
ORDER BY all_messages DESC, domain.text, header_from.text
