-- What a report says of its records is what its records say.
SELECT 'report ' || r.id || ': it says ' || r.records || ' records and ' || r.messages || ' messages, its records are '
    || coalesce(s.records, 0) || ' and ' || coalesce(s.messages, 0)
FROM report AS r
LEFT JOIN (SELECT report, count(*) AS records, sum(messages) AS messages FROM record GROUP BY report) AS s ON s.report = r.id
WHERE coalesce(s.records, 0) <> r.records OR coalesce(s.messages, 0) <> r.messages
UNION ALL
SELECT 'record ' || c.id || ': its report ' || c.report || ' is missing'
FROM record AS c
WHERE NOT EXISTS (SELECT 1 FROM report AS r
    WHERE r.id = c.report AND c.id >= r.first_record AND c.id < r.first_record + r.records)
LIMIT 100
