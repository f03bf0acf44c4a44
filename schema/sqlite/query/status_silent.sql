-- Domains of which nothing came for longer than is usual of them, while reports of others came; the newest silence first.
SELECT name.text, silence.last_day, silence.silent_days
FROM silence
JOIN name ON name.id = silence.domain
WHERE silence.silent_days > max(3, silence.usual)
ORDER BY silence.silent_days, name.text
