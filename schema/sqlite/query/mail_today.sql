-- The newest day that a report is about and that had come when the last import began.
SELECT max(day) FROM day WHERE day <= (SELECT max(started) FROM run) / 86400 + 1
