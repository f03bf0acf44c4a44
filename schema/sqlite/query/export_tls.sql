-- The TLS reports that count and whose days touch the window: of each policy a row with its summary, then a row for each of its
-- failures, so that sums over the rows are right. The reports are put in order once: LIMIT keeps their ORDER BY, CROSS JOIN their
-- place in front of what they hold.
WITH ordered AS MATERIALIZED (
    SELECT report.id
    FROM tls_report AS report
    JOIN reporter ON reporter.id = report.reporter
    WHERE report.state = 1 AND (NOT :authentic OR report.authentic = 1) AND (:whole OR (report.first_day <= :until AND report.last_day >= :since))
    ORDER BY report.begin, reporter.org, report.report_id, report.id
    LIMIT -1
)
SELECT 'T' || report.id, reporter.org, org.text, contact.text, report.report_id, report.begin, report.end,
    CASE WHEN report.repaired > 0 THEN
        (SELECT group_concat(code, ' ') FROM (SELECT code FROM tls_repair WHERE tls_repair.report = report.id ORDER BY code)) END,
    sha256_text(original.sha256), CASE part.value WHEN 0 THEN 'policy' ELSE 'failure' END, policy.id, domain.text, type.text,
    (SELECT group_concat(value, '; ') FROM json_each(strings.text)), (SELECT group_concat(value, '; ') FROM json_each(hosts.text)),
    CASE part.value WHEN 0 THEN policy.ok END, CASE part.value WHEN 0 THEN policy.failed END,
    result.text, failure.sessions, sending.text, mx.text, helo.text, receiving.text, info.text, reason.text
FROM ordered
CROSS JOIN tls_report AS report ON report.id = ordered.id
CROSS JOIN tls_policy AS policy ON policy.report = report.id
CROSS JOIN json_each('[0,1]') AS part
LEFT JOIN tls_failure AS failure ON part.value = 1 AND failure.policy = policy.id
JOIN reporter ON reporter.id = report.reporter
JOIN arrival ON arrival.id = report.arrival
JOIN original ON original.id = arrival.original
JOIN name AS domain ON domain.id = policy.domain
LEFT JOIN name AS org ON org.id = report.org_name
LEFT JOIN name AS contact ON contact.id = report.contact
LEFT JOIN name AS type ON type.id = policy.type
LEFT JOIN name AS strings ON strings.id = policy.strings
LEFT JOIN name AS hosts ON hosts.id = policy.mx_hosts
LEFT JOIN name AS result ON result.id = failure.result
LEFT JOIN name AS mx ON mx.id = failure.mx
LEFT JOIN name AS helo ON helo.id = failure.helo
LEFT JOIN name AS info ON info.id = failure.info
LEFT JOIN name AS reason ON reason.id = failure.reason
LEFT JOIN ip AS sending ON sending.id = failure.sending_ip
LEFT JOIN ip AS receiving ON receiving.id = failure.receiving_ip
WHERE policy.domain IN (SELECT value FROM json_each(:domains)) AND (part.value = 0 OR failure.id IS NOT NULL)
