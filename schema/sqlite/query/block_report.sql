-- The columns of one report beside each of its records.
SELECT name.text, author.org_name, report.report_id, report.begin, report.end, author.email, reporter.org,
    policy.p, policy.sp, policy.np, policy.adkim, policy.aspf, policy.pct, policy.fo, policy.testing, policy.discovery_method,
    report.incomplete,
    CASE WHEN report.repaired > 0 THEN
        (SELECT group_concat(code, ' ') FROM (SELECT code FROM report_repair WHERE report = ?1 ORDER BY code)) END,
    lower(hex(original.sha256)), report.id
FROM report
JOIN name ON name.id = report.domain
JOIN reporter ON reporter.id = report.reporter
JOIN author ON author.id = report.author
JOIN policy ON policy.id = report.policy
JOIN arrival ON arrival.id = report.arrival
JOIN original ON original.id = arrival.original
WHERE report.id = ?1
