-- The policy domains that reports are about.
SELECT text FROM name WHERE id IN (SELECT domain FROM day) ORDER BY text
