-- Every decision about the domains in scope and about all domains, also what was replaced since.
SELECT id, at, who, source, kind, coalesce(domain, '*'), verdict, note, until,
    NOT EXISTS (SELECT 1 FROM decision AS later
        WHERE later.id > decision.id AND later.source = decision.source AND later.domain IS decision.domain)
FROM decision
WHERE :all OR domain IS NULL OR domain IN (SELECT text FROM name WHERE id IN (SELECT value FROM json_each(:domains)))
ORDER BY id
