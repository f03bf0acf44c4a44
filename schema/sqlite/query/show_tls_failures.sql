-- The failure details. tls_meaning and tls_advice are functions of src/query/phrases.c.
SELECT policy.id, result.text, failure.sessions, mx.text, sending.text, receiving.text, helo.text, reason.text, info.text,
    tls_meaning(result.text), tls_advice(result.text)
FROM tls_policy AS policy
JOIN tls_failure AS failure ON failure.policy = policy.id
LEFT JOIN name AS result ON result.id = failure.result
LEFT JOIN name AS mx ON mx.id = failure.mx
LEFT JOIN name AS helo ON helo.id = failure.helo
LEFT JOIN name AS reason ON reason.id = failure.reason
LEFT JOIN name AS info ON info.id = failure.info
LEFT JOIN ip AS sending ON sending.id = failure.sending_ip
LEFT JOIN ip AS receiving ON receiving.id = failure.receiving_ip
WHERE policy.report = :id
ORDER BY failure.id
