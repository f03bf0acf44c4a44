-- Failure reports: what they refer to is there, and of people there is no more than is said.
SELECT 'failure report F' || failure.id || ': its arrival or domain is missing'
FROM failure
WHERE NOT EXISTS (SELECT 1 FROM arrival WHERE id = failure.arrival)
    OR NOT EXISTS (SELECT 1 FROM failure_domain WHERE id = failure.domain)
UNION ALL
SELECT 'failure report F' || failure.id || ': it holds what it may not: personal data is not to be kept of it'
FROM failure
WHERE personal = 0
    AND (subject IS NOT NULL
        OR EXISTS (SELECT 1 FROM failure_text AS one
            WHERE one.failure = failure.id AND list IN ('dkim-canonicalized-header', 'dkim-canonicalized-body')))
UNION ALL
SELECT 'original ' || original.id || ': its bytes are kept, and they hold a failure report'
FROM original
WHERE personal = 1 AND missing < size
UNION ALL
SELECT DISTINCT 'failure report F' || failure || ': it is missing, and parts of it are here'
FROM (SELECT failure FROM failure_text UNION ALL SELECT failure FROM failure_result UNION ALL SELECT failure FROM failure_repeat)
WHERE failure NOT IN (SELECT id FROM failure)
UNION ALL
SELECT 'failure report F' || failure || ': the arrival of a copy is missing'
FROM failure_repeat
WHERE NOT EXISTS (SELECT 1 FROM arrival WHERE id = failure_repeat.arrival)
LIMIT 100
