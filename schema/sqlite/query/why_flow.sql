-- The senders' flows, which say in which days' traffic to look. What profiles name as their source is that source's, whatever the address.
INSERT INTO why_flow
SELECT domain, reporter, profile, ip, authentic, messages, first_day, last_day
FROM flow
WHERE ip IN (SELECT ip FROM why_ip) AND domain IN (SELECT value FROM json_each(:domains))
    AND (:kind <> 'source' OR group_key('source', profile, 0) IS NULL) AND (NOT :authentic OR authentic = 1)
UNION ALL
SELECT flow.domain, flow.reporter, flow.profile, flow.ip, flow.authentic, flow.messages, flow.first_day, flow.last_day
FROM json_each(:domains) AS scope
CROSS JOIN why_profile
CROSS JOIN flow ON flow.domain = scope.value AND flow.profile = why_profile.profile
WHERE NOT :authentic OR flow.authentic = 1
ORDER BY 1, 2, 3, 4
