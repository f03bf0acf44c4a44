SELECT state FROM file
WHERE folder = (SELECT id FROM folder WHERE path = ?1) AND mtime = 0 AND inode = ?2 AND state <> 3 AND name = ?3
ORDER BY state
