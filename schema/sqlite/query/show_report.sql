SELECT report.id, name.text, reporter.org, author.org_name, author.email, author.contact, author.contact_lang,
    report.report_id, report.raw_report_id, report.begin, report.end, author.version, author.generator, author.namespace,
    report.records, report.messages, report.incomplete, CASE report.state WHEN 1 THEN 'counted' WHEN 2 THEN 'conflict' ELSE 'pruned' END,
    lower(nullif(hex(original.sha256), '')), original.size,
    CASE report.authentic WHEN 1 THEN 'authenticated' WHEN 2 THEN 'forged?' ELSE 'unverified' END,
    CASE WHEN arrival.id IS NOT NULL
        THEN evidence_words(mail.id, mail.from_domain, mail.checked_by, mail.results, author.email, author.org_name) END
FROM report
JOIN name ON name.id = report.domain
JOIN reporter ON reporter.id = report.reporter
JOIN author ON author.id = report.author
LEFT JOIN arrival ON arrival.id = report.arrival
LEFT JOIN original ON original.id = arrival.original
LEFT JOIN mail ON mail.id = arrival.mail
WHERE report.id = :id
