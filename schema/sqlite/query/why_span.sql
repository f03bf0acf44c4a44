-- The days on which the sender sent at all; nothing when there are none.
SELECT min(first_day), max(last_day) FROM story HAVING min(first_day) IS NOT NULL
