-- The source of that name, in the letters in which the questions show it.
SELECT name FROM (SELECT DISTINCT group_text(group_key('source', id, 0)) AS name FROM profile) WHERE lower(name) = lower(:sender)
UNION ALL
SELECT text FROM ip WHERE address IS NULL AND lower(text) = lower(:sender)
LIMIT 1
