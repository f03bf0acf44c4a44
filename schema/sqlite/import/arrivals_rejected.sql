SELECT DISTINCT a.id, a.original, o.size
FROM reject AS r JOIN arrival AS a ON a.id = r.arrival JOIN original AS o ON o.id = a.original
WHERE r.retried IS NULL AND o.missing = 0
ORDER BY a.id
