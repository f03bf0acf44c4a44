-- The policies; what the details add up to is unknown where there are none, or one of them has no number.
SELECT policy.id, domain.text, type.text, policy.ok, policy.failed,
    (SELECT CASE WHEN count(*) > 0 AND count(*) = count(sessions) THEN CAST(total(sessions) AS INTEGER) END
        FROM tls_failure WHERE tls_failure.policy = policy.id),
    (SELECT group_concat(value, '; ') FROM json_each(mx.text)), (SELECT group_concat(value, '; ') FROM json_each(strings.text))
FROM tls_policy AS policy
JOIN name AS domain ON domain.id = policy.domain
LEFT JOIN name AS type ON type.id = policy.type
LEFT JOIN name AS mx ON mx.id = policy.mx_hosts
LEFT JOIN name AS strings ON strings.id = policy.strings
WHERE policy.report = :id
ORDER BY policy.id
