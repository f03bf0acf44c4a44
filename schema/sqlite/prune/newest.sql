-- The newest day of a report. A day behind the last import is no day of a report, whatever a report says.
SELECT max(day)
FROM (SELECT day FROM day UNION ALL SELECT last_day FROM tls_report UNION ALL SELECT coalesce(arrived, sent) / 86400 FROM failure)
WHERE day <= (SELECT max(started) FROM run) / 86400 + 1
