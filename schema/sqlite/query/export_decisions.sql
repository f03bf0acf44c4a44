-- Every decision about the domains in scope and about all domains, also what was replaced since.
SELECT id, at, who, source, kind, coalesce(domain, '*'), verdict, note, until
FROM decision
WHERE :all OR domain IS NULL OR domain IN (SELECT text FROM name WHERE id IN (SELECT value FROM json_each(:domains)))
ORDER BY id
