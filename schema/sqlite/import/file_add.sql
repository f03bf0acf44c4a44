INSERT INTO file (id, folder, name, size, mtime, inode) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
