-- The originals behind TLS reports, a row per report that came in them.
SELECT original.id, sha256_text(original.sha256), original.size, original.missing = 0, 'T' || report.id
FROM tls_report AS report
JOIN arrival ON arrival.id = report.arrival
JOIN original ON original.id = arrival.original
WHERE report.state = 1 AND (NOT :authentic OR report.authentic = 1) AND (:whole OR (report.first_day <= :until AND report.last_day >= :since))
    AND report.id IN (SELECT report FROM tls_policy WHERE domain IN (SELECT value FROM json_each(:domains)))
ORDER BY original.id, report.id
