-- Everything that is referred to is there.
SELECT 'record ' || c.id || ': its address or profile is missing'
FROM record AS c
WHERE NOT EXISTS (SELECT 1 FROM ip WHERE id = c.ip) OR NOT EXISTS (SELECT 1 FROM profile WHERE id = c.profile)
UNION ALL
SELECT 'report ' || r.id || ': its arrival, reporter, author or policy is missing'
FROM report AS r
WHERE (r.state <> 3 AND NOT EXISTS (SELECT 1 FROM arrival WHERE id = r.arrival)) OR NOT EXISTS (SELECT 1 FROM reporter WHERE id = r.reporter)
    OR NOT EXISTS (SELECT 1 FROM author WHERE id = r.author) OR NOT EXISTS (SELECT 1 FROM policy WHERE id = r.policy)
UNION ALL
SELECT 'report ' || r.id || ': its policy is that of another domain'
FROM report AS r JOIN policy AS p ON p.id = r.policy
WHERE p.domain <> r.domain
UNION ALL
SELECT 'arrival ' || a.id || ': its file, run or original is missing'
FROM arrival AS a
WHERE NOT EXISTS (SELECT 1 FROM file WHERE id = a.file) OR NOT EXISTS (SELECT 1 FROM run WHERE id = a.run)
    OR NOT EXISTS (SELECT 1 FROM original WHERE id = a.original)
UNION ALL
SELECT 'reject ' || j.id || ': its arrival is missing'
FROM reject AS j
WHERE NOT EXISTS (SELECT 1 FROM arrival WHERE id = j.arrival)
UNION ALL
SELECT 'repeat ' || e.id || ': its report or arrival is missing'
FROM repeat AS e
WHERE NOT EXISTS (SELECT 1 FROM report WHERE id = e.report) OR NOT EXISTS (SELECT 1 FROM arrival WHERE id = e.arrival)
UNION ALL
SELECT 'lost report ' || l.id || ': its run or mail is missing'
FROM lost AS l
WHERE NOT EXISTS (SELECT 1 FROM run WHERE id = l.run) OR NOT EXISTS (SELECT 1 FROM mail WHERE id = l.mail)
UNION ALL
SELECT 'profile ' || p.id || ': a detail is missing'
FROM profile AS p
WHERE p.details IS NOT NULL
    AND EXISTS (SELECT 1 FROM json_each(p.details) AS j WHERE NOT EXISTS (SELECT 1 FROM detail WHERE id = j.value))
LIMIT 100
