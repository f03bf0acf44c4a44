-- One report of a key counts, pruned or not.
SELECT 'reports ' || group_concat(id, ', ') || ': the same report counts ' || count(*) || ' times'
FROM report
WHERE state IN (1, 3)
GROUP BY reporter, report_id, domain, begin, end
HAVING count(*) > 1
LIMIT 100
