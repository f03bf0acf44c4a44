-- Where the TLS report came from, the first time and again.
WITH came AS (
    SELECT 0 AS n, arrival, place, 'first' AS kind FROM tls_report WHERE id = :id
    UNION ALL
    SELECT id, arrival, place, 'duplicate' FROM tls_repeat WHERE report = :id
)
SELECT told.at, came.kind, told.place || coalesce(': ' || came.place, ''), told.sender, told.sent, told.subject, told.message_id,
    sha256_text(told.sha256)
FROM came
JOIN arrival_told AS told ON told.id = came.arrival
ORDER BY came.n
