SELECT inode, state FROM file
WHERE folder = (SELECT id FROM folder WHERE path = ?1) AND mtime = 0 AND state <> 3
ORDER BY inode, state
