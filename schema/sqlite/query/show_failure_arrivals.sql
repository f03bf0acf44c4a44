-- Where the report came from, the first time and again.
WITH came AS (
    SELECT 0 AS n, arrival, place, 'first' AS kind FROM failure WHERE id = :id
    UNION ALL
    SELECT id, arrival, place, 'duplicate' FROM failure_repeat WHERE failure = :id
)
SELECT told.at, came.kind, told.place || coalesce(': ' || came.place, ''), told.sender, told.sent, told.subject, told.message_id,
    sha256_text(told.sha256)
FROM came
JOIN arrival_told AS told ON told.id = came.arrival
ORDER BY came.n
