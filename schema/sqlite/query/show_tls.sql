SELECT 'T' || report.id, name.text, reporter.org, org.text, contact.text, report.report_id, report.raw_report_id, report.begin,
    report.end, report.policies, CASE report.state WHEN 1 THEN 'counted' ELSE 'conflict' END, lower(hex(original.sha256)), original.size
FROM tls_report AS report
JOIN name ON name.id = report.domain
JOIN reporter ON reporter.id = report.reporter
LEFT JOIN name AS org ON org.id = report.org_name
LEFT JOIN name AS contact ON contact.id = report.contact
JOIN arrival ON arrival.id = report.arrival
JOIN original ON original.id = arrival.original
WHERE report.id = :id
