-- The first and the last day with a TLS report of any of the domains, and how many domains there are. A day behind the last import
-- is the last one only where there is no other.
SELECT min(first_day), coalesce(max(last_day) FILTER (WHERE last_day <= (SELECT max(started) FROM run) / 86400 + 1), max(last_day)), (SELECT count(*) FROM json_each(:domains))
FROM tls_report
WHERE state = 1 AND (NOT :authentic OR authentic = 1) AND id IN (SELECT report FROM tls_policy WHERE domain IN (SELECT value FROM json_each(:domains)))
