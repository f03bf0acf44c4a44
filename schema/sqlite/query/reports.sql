-- A line per report whose days touch the window, the newest first.
SELECT report.id, name.text, reporter.org, report.report_id, report.begin, report.end, report.records, report.messages,
    report.incomplete, report.repaired, CASE report.state WHEN 1 THEN 'counted' WHEN 2 THEN 'conflict' ELSE 'pruned' END,
    CASE report.authentic WHEN 1 THEN 'authenticated' WHEN 2 THEN 'forged?' ELSE 'unverified' END
FROM report
JOIN name ON name.id = report.domain
JOIN reporter ON reporter.id = report.reporter
WHERE report.domain IN (SELECT value FROM json_each(:domains))
    AND (:whole OR (first_day(report.begin, report.end) <= :until AND last_day(report.begin, report.end) >= :since))
    AND (NOT :authentic OR report.authentic = 1)
    AND CASE :only
        WHEN 'counted' THEN report.state = 1
        WHEN 'conflict' THEN report.state = 2
        WHEN 'pruned' THEN report.state = 3
        WHEN 'incomplete' THEN report.incomplete
        WHEN 'repaired' THEN report.repaired > 0
        WHEN 'unverified' THEN report.authentic = 0
        WHEN 'forged' THEN report.authentic = 2
        ELSE 1
    END
ORDER BY report.begin DESC, name.text, reporter.org, report.report_id, report.id
LIMIT CASE WHEN :n > 0 THEN :n ELSE -1 END
