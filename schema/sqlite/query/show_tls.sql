SELECT 'T' || report.id, name.text, reporter.org, org.text, contact.text, report.report_id, report.raw_report_id, report.begin,
    report.end, report.policies, CASE report.state WHEN 1 THEN 'counted' ELSE 'conflict' END, sha256_text(original.sha256), original.size,
    CASE report.authentic WHEN 1 THEN 'authenticated' WHEN 2 THEN 'forged?' ELSE 'unverified' END,
    evidence_words(mail.id, mail.from_domain, mail.checked_by, mail.results, contact.text, org.text)
FROM tls_report AS report
JOIN name ON name.id = report.domain
JOIN reporter ON reporter.id = report.reporter
LEFT JOIN name AS org ON org.id = report.org_name
LEFT JOIN name AS contact ON contact.id = report.contact
JOIN arrival ON arrival.id = report.arrival
JOIN original ON original.id = arrival.original
LEFT JOIN mail ON mail.id = arrival.mail
WHERE report.id = :id
