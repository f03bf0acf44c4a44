INSERT INTO reject (arrival, at, place, status, reason)
SELECT ?1, ?2, ?3, ?4, ?5
WHERE NOT EXISTS (SELECT 1 FROM reject WHERE arrival = ?1 AND retried IS NULL AND place IS ?3)
