-- The policy domains in scope.
SELECT text FROM name WHERE id IN (SELECT value FROM json_each(:domains)) ORDER BY text
