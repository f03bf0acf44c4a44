-- The reports of one domain that count, pruned ones too: ?1 domain, ?2 to ?3: when they begin, ?4: authenticated ones alone.
SELECT reporter, policy, begin, end, authentic
FROM report
WHERE domain = ?1 AND begin BETWEEN ?2 AND ?3 AND state IN (1, 3) AND (NOT ?4 OR authentic = 1)
