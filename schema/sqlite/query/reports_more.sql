-- What stands below the reports: how many of them -n leaves out. The same reports as those of reports.sql.
WITH found AS (
    SELECT count(*) - :n AS more
    FROM report
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
)
SELECT printf('%,d more report%s: -n 0 shows all', more, CASE WHEN more = 1 THEN '' ELSE 's' END)
FROM found
WHERE :n > 0 AND more > 0
