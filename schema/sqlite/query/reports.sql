-- A line per report whose days touch the window, in the order of their begin.
SELECT report.id, name.text, reporter.org, report.report_id, report.begin, report.end, report.records, report.messages,
    report.incomplete, report.repaired, CASE report.state WHEN 1 THEN 'counted' ELSE 'conflict' END
FROM report
JOIN name ON name.id = report.domain
JOIN reporter ON reporter.id = report.reporter
WHERE (:domain IS NULL OR report.domain = :domain)
    AND (:whole OR (first_day(report.begin, report.end) <= :until AND last_day(report.begin, report.end) >= :since))
ORDER BY report.begin, name.text, reporter.org, report.report_id, report.id
LIMIT CASE WHEN :n > 0 THEN :n ELSE -1 END
