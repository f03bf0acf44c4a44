-- The originals behind records and the roll-up, a row per report that came in them.
SELECT original.id, sha256_text(original.sha256), original.size, original.missing = 0, report.id
FROM report
JOIN arrival ON arrival.id = report.arrival
JOIN original ON original.id = arrival.original
WHERE report.state = 1 AND (NOT :authentic OR report.authentic = 1) AND report.domain IN (SELECT value FROM json_each(:domains))
    AND (:whole OR (first_day(report.begin, report.end) <= :until AND last_day(report.begin, report.end) >= :since))
    AND (coalesce(:only, 'all') = 'all' OR EXISTS (
        SELECT 1 FROM record
        JOIN profile ON profile.id = record.profile
        WHERE record.id BETWEEN report.first_record AND report.first_record + report.records - 1
            AND CASE profile.dmarc WHEN 0 THEN 'failing' WHEN 1 THEN 'passing' ELSE 'unknown' END = :only))
ORDER BY original.id, report.id
