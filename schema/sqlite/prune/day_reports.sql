-- The reports that may have a part on a day: begin is at most two months before it.
SELECT id, state, reporter, domain, begin, end, records, messages, first_record, 0, authentic
FROM report
WHERE domain = ?1 AND begin >= (?2 - 62) * 86400 AND begin < (?2 + 1) * 86400 AND reporter = ?3 AND state = 1
ORDER BY id
