-- Open rejects that can't be tried again: not all of their bytes were kept.
SELECT count(*)
FROM reject AS r JOIN arrival AS a ON a.id = r.arrival JOIN original AS o ON o.id = a.original
WHERE r.retried IS NULL AND o.missing <> 0
