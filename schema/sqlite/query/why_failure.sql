-- Failure reports about mail from the addresses of the sender.
INSERT INTO why_failure
SELECT failure.id
FROM failure
WHERE failure.type = 'auth-failure' AND (NOT :authentic OR failure.authentic = 1)
    AND CASE :kind
        WHEN 'address' THEN failure.source_ip = :sender
        WHEN 'network' THEN failure.address BETWEEN :low AND :high
        ELSE lower(failure_group('source', failure.id)) = lower(:sender)
    END
    AND (:all OR (SELECT text FROM failure_domain WHERE id = failure.domain)
        IN (SELECT text FROM name WHERE id IN (SELECT value FROM json_each(:domains))))
    AND (:whole OR coalesce(failure.arrived, failure.sent) BETWEEN :since * 86400 AND :until * 86400 + 86399)
