SELECT count(*)
FROM (SELECT arrival FROM report UNION ALL SELECT arrival FROM repeat) AS r JOIN arrival AS a ON a.id = r.arrival
JOIN original AS o ON o.id = a.original
WHERE o.missing <> 0
