-- The policy domains that TLS reports are about; see domains.sql.
SELECT name.id, name.text
FROM (SELECT DISTINCT domain FROM tls_policy) AS found
JOIN name ON name.id = found.domain
WHERE ?1 IS NULL OR name.text GLOB ?1 OR (?2 AND name.text GLOB '*.' || ?1)
ORDER BY name.text
