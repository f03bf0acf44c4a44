-- The reports of one domain that count, pruned ones too: ?1 domain, ?2 to ?3: when they begin, ?4: authenticated ones alone. The
-- newest come first, since what is remembered of them is bounded.
SELECT reporter, policy, begin, end, authentic
FROM report
WHERE domain = ?1 AND begin BETWEEN ?2 AND ?3 AND state IN (1, 3) AND (NOT ?4 OR authentic = 1)
ORDER BY begin DESC
