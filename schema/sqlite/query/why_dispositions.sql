-- What receivers did with the failing mail.
SELECT name.text, sum(messages) AS all_messages, sum(messages), (SELECT sum(messages) FROM story WHERE dmarc = 0)
FROM story
JOIN profile ON profile.id = story.profile
JOIN name ON name.id = profile.disposition
WHERE story.dmarc = 0
GROUP BY profile.disposition
ORDER BY all_messages DESC, name.text
