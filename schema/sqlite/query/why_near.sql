-- Names of sources that are near the one that there isn't.
SELECT name
FROM (SELECT DISTINCT group_text(group_key('source', id, 0)) AS name FROM profile)
WHERE word_near(:sender, name) IS NOT NULL
ORDER BY word_near(:sender, name), name
LIMIT 5
