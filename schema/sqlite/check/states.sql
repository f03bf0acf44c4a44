-- One report of a key counts.
SELECT 'reports ' || group_concat(id, ', ') || ': the same report counts ' || count(*) || ' times'
FROM report
WHERE state = 1
GROUP BY reporter, report_id, domain, begin, end
HAVING count(*) > 1
LIMIT 100
