-- The records of one report.
SELECT ip.text, record.messages, record.profile
FROM record
JOIN ip ON ip.id = record.ip
WHERE record.id BETWEEN ?1 AND ?2
ORDER BY record.id
