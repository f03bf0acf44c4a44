-- From which addresses a network or a source sent.
SELECT ip.text, sum(messages) AS all_messages, coalesce(sum(messages) FILTER (WHERE dmarc = 1), 0),
    coalesce(sum(messages) FILTER (WHERE dmarc = 0), 0), min(first_day), max(last_day)
FROM story
JOIN ip ON ip.id = story.ip
WHERE :kind <> 'address'
GROUP BY story.ip
ORDER BY all_messages DESC, ip.text
