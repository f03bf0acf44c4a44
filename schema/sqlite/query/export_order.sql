-- The reports that count and whose days touch the window, in the order of the export. first_day and last_day are functions of
-- src/query/lookup.c.
SELECT report.id
FROM report
JOIN name ON name.id = report.domain
JOIN reporter ON reporter.id = report.reporter
WHERE report.state = 1 AND report.domain IN (SELECT value FROM json_each(:domains))
    AND (:whole OR (first_day(report.begin, report.end) <= :until AND last_day(report.begin, report.end) >= :since))
ORDER BY report.begin, name.text, reporter.org, report.report_id, report.id
