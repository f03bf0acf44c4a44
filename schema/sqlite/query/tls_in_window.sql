-- How much there is in the window at all: reports and policies.
SELECT count(*), count(*) FROM tls_report
WHERE state = 1 AND (:whole OR (first_day <= :until AND last_day >= :since)) AND (NOT :authentic OR authentic = 1)
    AND id IN (SELECT report FROM tls_policy WHERE domain IN (SELECT value FROM json_each(:domains)))
