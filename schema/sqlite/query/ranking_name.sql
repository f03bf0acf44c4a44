-- The text of a group that is an id of the database: ?1 what --by says, ?2 id.
SELECT CASE ?1
    WHEN 'ip' THEN (SELECT text FROM ip WHERE id = ?2)
    WHEN 'reporter' THEN (SELECT org FROM reporter WHERE id = ?2)
    ELSE (SELECT text FROM name WHERE id = ?2)
END
