SELECT CASE of_message WHEN 1 THEN 'message' ELSE 'report' END, method, result, domain, selector, identity, reason
FROM failure_result WHERE failure = :id ORDER BY n
