-- The policy domains in scope, one after the other.
SELECT id FROM name WHERE id IN (SELECT value FROM json_each(:domains)) ORDER BY text
