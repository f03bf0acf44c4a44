-- What each reporter tells of each day of one domain: ?1 domain, ?2 to ?3 days, ?4: authenticated reports alone.
SELECT id, day, reporter, authentic
FROM day
WHERE domain = ?1 AND day BETWEEN ?2 AND ?3 AND (NOT ?4 OR authentic = 1)
ORDER BY day, reporter, authentic
