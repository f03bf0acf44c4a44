-- Who told of the sender.
SELECT reporter.org, sum(messages) AS all_messages, coalesce(sum(messages) FILTER (WHERE dmarc = 0), 0), min(first_day),
    max(last_day)
FROM story
JOIN reporter ON reporter.id = story.reporter
GROUP BY story.reporter
ORDER BY all_messages DESC, reporter.org
