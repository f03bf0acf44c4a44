SELECT f.id FROM file AS f JOIN folder AS d ON d.id = f.folder
WHERE f.hash = ?1 AND f.name = ?2 AND d.path = ?3 AND f.size = ?4 AND f.mtime = ?5 AND f.inode = ?6
