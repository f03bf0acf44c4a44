-- aligned: worked out from results and From, because Identity-Alignment says opposite things in RFC 7489 and RFC 9991.
SELECT 'F' || failure.id, failure.type, nullif(failure_domain.text, ''), failure.arrived, failure.sent, failure.source_ip, failure.source_port,
    failure_group('source', failure.id), failure.header_from, failure.sender, failure.mail_from, failure.envelope_id,
    failure.message_id, failure.subject, failure.auth_failure, failure.delivery_result,
    failure_aligned(failure.id, 'dkim'), failure_aligned(failure.id, 'spf'), failure.identity_alignment,
    failure.dkim_domain, failure.dkim_identity, failure.dkim_selector, failure.incidents, failure.reporter, failure.reporting_mta,
    failure.user_agent, failure.version, failure.form, failure.has_message, failure.personal, sha256_text(original.sha256),
    original.size, original.missing = 0, CASE failure.authentic WHEN 1 THEN 'authenticated' WHEN 2 THEN 'forged?' ELSE 'unverified' END,
    evidence_words(mail.id, mail.from_domain, mail.checked_by, mail.results, failure.reporter, NULL)
FROM failure
JOIN failure_domain ON failure_domain.id = failure.domain
LEFT JOIN arrival ON arrival.id = failure.arrival
LEFT JOIN original ON original.id = arrival.original
LEFT JOIN mail ON mail.id = arrival.mail
WHERE failure.id = :id
