-- The records of the reports that count and whose days touch the window, report by report: ids of blocks (src/query/block.h) and
-- messages. The reports are put in order once: LIMIT keeps their ORDER BY, CROSS JOIN their place in front of the records.
-- first_day and last_day are functions of src/query/lookup.c.
WITH ordered AS MATERIALIZED (
    SELECT report.id, report.first_record, report.records
    FROM report
    JOIN name ON name.id = report.domain
    JOIN reporter ON reporter.id = report.reporter
    WHERE report.state = 1 AND (NOT :authentic OR report.authentic = 1) AND report.domain IN (SELECT value FROM json_each(:domains))
        AND (:whole OR (first_day(report.begin, report.end) <= :until AND last_day(report.begin, report.end) >= :since))
    ORDER BY report.begin, name.text, reporter.org, report.report_id, report.id
    LIMIT -1
)
SELECT ordered.id, record.ip, record.messages, record.profile
FROM ordered
CROSS JOIN record ON record.id BETWEEN ordered.first_record AND ordered.first_record + ordered.records - 1
WHERE nullif(:only, 'all') IS NULL OR :only = (
    SELECT CASE dmarc WHEN 0 THEN 'failing' WHEN 1 THEN 'passing' ELSE 'unknown' END FROM profile WHERE id = record.profile)
