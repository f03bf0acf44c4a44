-- Reports in the order of their ids; the one who asks decides on their days. A report of state 3 whose copies came again has
-- something left to prune.
SELECT id, state, reporter, domain, begin, end, records, messages, first_record,
    EXISTS (SELECT 1 FROM repeat WHERE repeat.report = report.id AND report.state = 3), authentic
FROM report
WHERE id > ?1 AND begin IS NOT NULL
ORDER BY id
