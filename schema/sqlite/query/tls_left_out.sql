-- See left_out.sql.
SELECT printf('--only authenticated leaves out %,d TLS report%s', count(*), CASE count(*) WHEN 1 THEN '' ELSE 's' END)
FROM tls_report
WHERE state = 1 AND authentic <> 1 AND (:whole OR (first_day <= :until AND last_day >= :since))
    AND id IN (SELECT report FROM tls_policy WHERE domain IN (SELECT value FROM json_each(:domains)))
HAVING count(*) > 0
