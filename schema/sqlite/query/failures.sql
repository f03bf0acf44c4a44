-- A line per failure report, the newest first.
SELECT 'F' || failure.id, coalesce(failure.arrived, failure.sent), nullif(failure_domain.text, ''), failure.source_ip,
    failure_group('source', failure.id), failure.header_from, failure.type, failure.auth_failure,
    (SELECT group_concat(words, ', ') FROM (
        SELECT result || coalesce(' ' || domain, '') AS words FROM failure_result AS one
        WHERE one.failure = failure.id AND one.method = 'spf' GROUP BY words ORDER BY min(n))),
    (SELECT group_concat(words, ', ') FROM (
        SELECT result || coalesce(' ' || domain, '') AS words FROM failure_result AS one
        WHERE one.failure = failure.id AND one.method = 'dkim' GROUP BY words ORDER BY min(n))),
    failure.delivery_result, failure.incidents, failure.reporter,
    CASE failure.authentic WHEN 1 THEN 'authenticated' WHEN 2 THEN 'forged?' ELSE 'unverified' END
FROM failure
JOIN failure_domain ON failure_domain.id = failure.domain
WHERE failure.domain IN (SELECT value FROM json_each(:domains)) AND (NOT :authentic OR failure.authentic = 1)
    AND (:whole OR coalesce(failure.arrived, failure.sent) BETWEEN :since * 86400 AND :until * 86400 + 86399)
    AND (:only = 'all' OR failure.type = :only
        OR (:only = 'other' AND failure.type NOT IN ('auth-failure', 'abuse', 'fraud', 'not-spam', 'opt-out', 'virus')))
    AND CASE :kind WHEN 'address' THEN failure.source_ip = :sender WHEN 'network' THEN failure.address BETWEEN :low AND :high ELSE 1 END
ORDER BY 2 DESC, failure.id DESC
LIMIT CASE WHEN :n > 0 THEN :n ELSE -1 END
