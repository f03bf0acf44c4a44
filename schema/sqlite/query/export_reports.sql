-- Everything of the reports whose days touch the window but their records.
SELECT report.id, name.text, reporter.org, author.org_name, author.email, author.contact, report.report_id, report.raw_report_id,
    report.begin, report.end, first_day(report.begin, report.end), last_day(report.begin, report.end),
    author.version, author.generator, author.namespace,
    policy.p, policy.sp, policy.np, policy.adkim, policy.aspf, policy.pct, policy.fo, policy.testing, policy.discovery_method,
    report.records, report.messages, report.incomplete,
    CASE WHEN report.repaired > 0 THEN
        (SELECT group_concat(code, ' ') FROM (SELECT code FROM report_repair WHERE report_repair.report = report.id ORDER BY code)) END,
    CASE report.state WHEN 1 THEN 'counted' WHEN 2 THEN 'conflict' ELSE 'pruned' END,
    (arrival.id IS NOT NULL) + (SELECT count(*) FROM repeat WHERE repeat.report = report.id),
    (SELECT run.started FROM run WHERE run.id = arrival.run) + arrival.after,
    sha256_text(original.sha256), original.size
FROM report
JOIN name ON name.id = report.domain
JOIN reporter ON reporter.id = report.reporter
JOIN author ON author.id = report.author
JOIN policy ON policy.id = report.policy
LEFT JOIN arrival ON arrival.id = report.arrival    -- a report whose records were pruned has none
LEFT JOIN original ON original.id = arrival.original
WHERE (NOT :authentic OR report.authentic = 1) AND report.domain IN (SELECT value FROM json_each(:domains))
    AND (:whole OR (first_day(report.begin, report.end) <= :until AND last_day(report.begin, report.end) >= :since))
ORDER BY report.begin, name.text, reporter.org, report.report_id, report.id
