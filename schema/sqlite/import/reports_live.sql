-- The reports that count and have their records; the columns are those of prune/reports.sql.
SELECT id, state, reporter, domain, begin, end, records, messages, first_record, 0, authentic FROM report WHERE state = 1 ORDER BY id
