-- Failure reports by what :by names. Incidents: the mails that they tell of.
SELECT CASE :by
        WHEN 'domain' THEN nullif(failure_domain.text, '')
        WHEN 'ip' THEN failure.source_ip
        WHEN 'header-from' THEN failure.header_from
        WHEN 'reporter' THEN failure.reporter
        WHEN 'type' THEN failure.type
        WHEN 'auth-failure' THEN failure.auth_failure
        WHEN 'delivery' THEN failure.delivery_result
        WHEN 'day' THEN strftime('%Y-%m-%d', coalesce(failure.arrived, failure.sent), 'unixepoch')
        ELSE failure_group(:by, failure.id)
    END AS source,
    count(*) AS reports, sum(failure.incidents), count(DISTINCT failure.source_ip), count(DISTINCT failure.domain),
    count(DISTINCT failure.reporter), min(coalesce(failure.arrived, failure.sent) / 86400),
    max(coalesce(failure.arrived, failure.sent) / 86400), sum(failure.authentic = 1)
FROM failure
JOIN failure_domain ON failure_domain.id = failure.domain
WHERE failure.domain IN (SELECT value FROM json_each(:domains)) AND (NOT :authentic OR failure.authentic = 1)
    AND (:whole OR coalesce(failure.arrived, failure.sent) BETWEEN :since * 86400 AND :until * 86400 + 86399)
    AND (:only = 'all' OR failure.type = :only
        OR (:only = 'other' AND failure.type NOT IN ('auth-failure', 'abuse', 'fraud', 'not-spam', 'opt-out', 'virus')))
    AND CASE :kind WHEN 'address' THEN failure.source_ip = :sender WHEN 'network' THEN failure.address BETWEEN :low AND :high ELSE 1 END
GROUP BY source
ORDER BY reports DESC, source
LIMIT CASE WHEN :n > 0 THEN :n ELSE -1 END
