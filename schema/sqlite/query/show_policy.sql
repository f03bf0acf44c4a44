SELECT name.text, p, sp, np, adkim, aspf, pct, fo, testing, discovery_method
FROM policy
JOIN name ON name.id = policy.domain
WHERE policy.id = (SELECT policy FROM report WHERE id = :id)
