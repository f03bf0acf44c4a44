-- See left_out.sql; of all types.
SELECT printf('--only authenticated leaves out %,d failure report%s in all', count(*), CASE count(*) WHEN 1 THEN '' ELSE 's' END)
FROM failure
WHERE authentic <> 1 AND domain IN (SELECT value FROM json_each(:domains))
    AND (:whole OR coalesce(arrived, sent) BETWEEN :since * 86400 AND :until * 86400 + 86399)
HAVING count(*) > 0
