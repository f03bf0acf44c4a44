-- The id of a policy domain that reports are about.
SELECT name.id FROM name WHERE text = ?1 AND EXISTS (SELECT 1 FROM day WHERE day.domain = name.id)
