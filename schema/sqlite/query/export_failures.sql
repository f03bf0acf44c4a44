-- Everything of each failure report, also of those about abuse and the like.
SELECT 'F' || failure.id, nullif(failure_domain.text, ''), failure.arrived, failure.sent, failure.type, failure.source_ip,
    failure.source_port, failure_group('source', failure.id), failure.header_from, failure.sender, failure.mail_from,
    (SELECT group_concat(text, ', ') FROM (
        SELECT text FROM failure_text AS one WHERE one.failure = failure.id AND list = 'original-rcpt-to' ORDER BY n)),
    failure.envelope_id, failure.message_id, failure.subject, failure.auth_failure, failure.delivery_result,
    (SELECT group_concat(words, '; ') FROM (
        SELECT method || '=' || result || coalesce(' ' || domain, '') AS words
        FROM failure_result AS one WHERE one.failure = failure.id ORDER BY n)),
    failure_aligned(failure.id, 'dkim'), failure_aligned(failure.id, 'spf'), failure.identity_alignment,
    failure.dkim_domain, failure.dkim_identity, failure.dkim_selector,
    (SELECT group_concat(text, '; ') FROM (
        SELECT text FROM failure_text AS one WHERE one.failure = failure.id AND list = 'spf-dns' ORDER BY n)),
    (SELECT group_concat(text, ', ') FROM (
        SELECT text FROM failure_text AS one WHERE one.failure = failure.id AND list = 'reported-uri' ORDER BY n)),
    failure.incidents, failure.reporter, failure.reporting_mta, failure.user_agent, failure.version, failure.form,
    failure.has_message, failure.personal,
    1 + (SELECT count(*) FROM failure_repeat WHERE failure_repeat.failure = failure.id),
    (SELECT run.started FROM run WHERE run.id = arrival.run) + arrival.after, sha256_text(original.sha256), original.size
FROM failure
JOIN failure_domain ON failure_domain.id = failure.domain
JOIN arrival ON arrival.id = failure.arrival
JOIN original ON original.id = arrival.original
WHERE failure.domain IN (SELECT value FROM json_each(:domains)) AND (NOT :authentic OR failure.authentic = 1)
    AND (:whole OR coalesce(failure.arrived, failure.sent) BETWEEN :since * 86400 AND :until * 86400 + 86399)
ORDER BY failure.id
