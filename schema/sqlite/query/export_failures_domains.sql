-- The domains in scope.
SELECT text FROM failure_domain WHERE id IN (SELECT value FROM json_each(:domains)) AND text <> ''
UNION
SELECT text FROM name WHERE id IN (SELECT -value FROM json_each(:domains) WHERE value < 0)
ORDER BY text
