-- The originals of rejects, a row per reject.
SELECT original.id, sha256_text(original.sha256), original.size, original.missing = 0, reject.id
FROM reject
JOIN arrival ON arrival.id = reject.arrival
JOIN original ON original.id = arrival.original
ORDER BY original.id, reject.id
