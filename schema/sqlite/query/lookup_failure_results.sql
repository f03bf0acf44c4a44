SELECT method = 'dkim', domain, CASE method WHEN 'dkim' THEN selector ELSE 'mfrom' END, result FROM failure_result
WHERE failure = ?1 AND method IN ('dkim', 'spf')
ORDER BY n
