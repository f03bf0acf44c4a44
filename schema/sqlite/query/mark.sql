-- What was decided about the domains in scope and about all domains: of each source and domain the latest, or with :history all.
-- The newest day of a report is today.
WITH newest AS MATERIALIZED (
    SELECT max(day) AS day FROM day WHERE day <= (SELECT max(started) FROM run) / 86400 + 1
), told AS (
    SELECT decision.*, NOT EXISTS (SELECT 1 FROM decision AS later
        WHERE later.id > decision.id AND later.source = decision.source AND later.domain IS decision.domain) AS latest
    FROM decision
    WHERE :all OR domain IS NULL OR domain IN (SELECT text FROM name WHERE id IN (SELECT value FROM json_each(:domains)))
)
SELECT source, coalesce(domain, '*') AS domain, verdict, until,
    CASE WHEN NOT latest THEN 'replaced' WHEN until < (SELECT day FROM newest) THEN 'ended' ELSE 'holds' END AS state,
    who, at, note
FROM told
WHERE latest OR :history
ORDER BY source, domain, id
LIMIT CASE WHEN :n > 0 THEN :n ELSE -1 END
