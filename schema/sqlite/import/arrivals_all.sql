SELECT a.id, a.original, o.size
FROM arrival AS a JOIN original AS o ON o.id = a.original
WHERE o.missing = 0
ORDER BY a.id
