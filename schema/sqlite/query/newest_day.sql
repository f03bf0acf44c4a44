-- The newest day of a report, which is today to every answer. A day behind the last import is none, whatever a report says.
SELECT coalesce(max(day), 0) FROM day WHERE day <= (SELECT max(started) FROM run) / 86400 + 1
