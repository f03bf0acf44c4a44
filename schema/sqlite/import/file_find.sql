SELECT f.state FROM file AS f JOIN folder AS d ON d.id = f.folder
WHERE f.inode = ?1 AND f.size = ?2 AND f.mtime = ?3 AND f.name = ?4 AND d.path = ?5 AND f.state <> 3
ORDER BY f.id DESC
