-- The originals behind failure reports, a row per report that came in them. Their bytes are not kept unless it is asked for.
SELECT original.id, sha256_text(original.sha256), original.size, original.missing = 0, 'F' || failure.id
FROM failure
JOIN arrival ON arrival.id = failure.arrival
JOIN original ON original.id = arrival.original
WHERE failure.domain IN (SELECT value FROM json_each(:domains)) AND (NOT :authentic OR failure.authentic = 1)
    AND (:whole OR coalesce(failure.arrived, failure.sent) BETWEEN :since * 86400 AND :until * 86400 + 86399)
ORDER BY original.id, failure.id
