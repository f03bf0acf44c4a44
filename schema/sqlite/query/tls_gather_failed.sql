INSERT INTO tls_failed
SELECT failure.policy, result.text, mx.text, failure.sessions
FROM tls_asked
CROSS JOIN tls_failure AS failure ON failure.policy = tls_asked.policy
LEFT JOIN name AS result ON result.id = failure.result
LEFT JOIN name AS mx ON mx.id = failure.mx
WHERE failure.sessions IS NOT 0
UNION ALL
SELECT policy, NULL, NULL, failed - detailed FROM tls_asked WHERE failed > detailed
