INSERT INTO file (id, folder, name, size, mtime, inode, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
