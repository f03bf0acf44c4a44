-- The originals behind reports, counted or not, a row per report that came in them.
SELECT original.id, sha256_text(original.sha256), original.size, original.missing = 0, report.id
FROM report
JOIN arrival ON arrival.id = report.arrival
JOIN original ON original.id = arrival.original
WHERE (NOT :authentic OR report.authentic = 1) AND report.domain IN (SELECT value FROM json_each(:domains))
    AND (:whole OR (first_day(report.begin, report.end) <= :until AND last_day(report.begin, report.end) >= :since))
ORDER BY original.id, report.id
