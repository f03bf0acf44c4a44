-- The names of sources behind the newest ?1 profiles. group_key and group_text are functions of src/query/lookup.c; a profile that
-- names no source has none without an address.
SELECT DISTINCT group_text(group_key('source', id, 0)) AS source
FROM (SELECT id FROM profile ORDER BY id DESC LIMIT ?1)
WHERE source IS NOT NULL
ORDER BY source
