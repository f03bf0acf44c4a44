-- What a report says of its records is what its records say; the records of a pruned one (state 3) are gone.
SELECT 'report ' || r.id || ': it says ' || r.records || ' records and ' || r.messages || ' messages, its records are '
    || coalesce(s.records, 0) || ' and ' || coalesce(s.messages, 0)
FROM report AS r
LEFT JOIN (SELECT report, count(*) AS records, sum(messages) AS messages FROM record GROUP BY report) AS s ON s.report = r.id
WHERE r.state <> 3 AND (coalesce(s.records, 0) <> r.records OR coalesce(s.messages, 0) <> r.messages)
UNION ALL
SELECT 'report ' || r.id || ': it says that ' || r.failed || ' messages failed, ' || r.failed_quarantined || ' of them quarantined and '
    || r.failed_rejected || ' rejected, its records are ' || s.failed || ', ' || s.quarantined || ' and ' || s.rejected
FROM report AS r
JOIN (
    SELECT c.report, sum(CASE WHEN p.dmarc = 0 THEN c.messages ELSE 0 END) AS failed,
        sum(CASE WHEN p.dmarc = 0 AND p.disposition = 5 THEN c.messages ELSE 0 END) AS quarantined,
        sum(CASE WHEN p.dmarc = 0 AND p.disposition = 6 THEN c.messages ELSE 0 END) AS rejected
    FROM record AS c JOIN profile AS p ON p.id = c.profile
    GROUP BY c.report
) AS s ON s.report = r.id
WHERE r.failed <> s.failed OR r.failed_quarantined <> s.quarantined OR r.failed_rejected <> s.rejected
UNION ALL
SELECT 'record ' || c.id || ': its report ' || c.report || ' is missing'
FROM record AS c
WHERE NOT EXISTS (SELECT 1 FROM report AS r
    WHERE r.id = c.report AND r.state <> 3 AND c.id >= r.first_record AND c.id < r.first_record + r.records)
LIMIT 100
