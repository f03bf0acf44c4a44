-- The roll-up of the window, row by row, for src/query/tally.c: ?1 JSON array of domains, ?2: these are all there are, so that
-- the table is read as it lies and not by its index, ?3 to ?4: days, ?5: days that are unknown too,
-- ?6: authenticated reports alone.
SELECT day, reporter, messages, passed, failed, failed_quarantined, failed_rejected
FROM day
WHERE ?2 AND (?5 OR day BETWEEN ?3 AND ?4) AND (NOT ?6 OR authentic = 1)
UNION ALL
SELECT day, reporter, messages, passed, failed, failed_quarantined, failed_rejected
FROM day
WHERE NOT ?2 AND domain IN (SELECT value FROM json_each(?1)) AND (?5 OR day BETWEEN ?3 AND ?4) AND (NOT ?6 OR authentic = 1)
