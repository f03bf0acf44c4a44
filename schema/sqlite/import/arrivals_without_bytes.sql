SELECT count(*)
FROM (SELECT arrival FROM report UNION ALL SELECT arrival FROM repeat
    UNION ALL SELECT arrival FROM tls_report UNION ALL SELECT arrival FROM tls_repeat) AS r JOIN arrival AS a ON a.id = r.arrival
JOIN original AS o ON o.id = a.original
WHERE o.missing <> 0
