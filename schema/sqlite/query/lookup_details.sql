-- Details by a JSON array of their ids, in its order: kind, then the texts of struct detail.
SELECT detail.kind, a.text, b.text, result.text, c.text, lang.text
FROM json_each(?1) AS list
JOIN detail ON detail.id = list.value
LEFT JOIN name AS a ON a.id = detail.a
LEFT JOIN name AS b ON b.id = detail.b
LEFT JOIN name AS result ON result.id = detail.result
LEFT JOIN name AS c ON c.id = detail.c
LEFT JOIN name AS lang ON lang.id = detail.lang
ORDER BY list.key
