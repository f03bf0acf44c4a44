INSERT INTO tls_asked
SELECT policy.id, report.id, report.authentic, report.reporter, policy.domain, policy.type, policy.strings, report.first_day, report.last_day,
    policy.ok, policy.failed, count(failure.id), count(failure.sessions), CAST(total(failure.sessions) AS INTEGER)
FROM tls_report AS report
JOIN tls_policy AS policy ON policy.report = report.id
LEFT JOIN tls_failure AS failure ON failure.policy = policy.id
WHERE report.state = 1 AND policy.domain IN (SELECT value FROM json_each(:domains))
    AND (:whole OR (report.first_day <= :until AND report.last_day >= :since)) AND (NOT :authentic OR report.authentic = 1)
GROUP BY policy.id
