-- What is counted of days that had not come when the last import began, in words; no row: nothing.
SELECT printf('%,d message%s of days that had not come at the last import, up to %s, %s counted', messages,
    CASE messages WHEN 1 THEN '' ELSE 's' END, date(last * 86400, 'unixepoch'), CASE messages WHEN 1 THEN 'is' ELSE 'are' END)
FROM (
    SELECT sum(messages) AS messages, max(day) AS last FROM day
    WHERE domain IN (SELECT value FROM json_each(:domains)) AND day > :today AND (NOT :authentic OR authentic = 1)
)
WHERE messages > 0
