INSERT INTO folder (path) VALUES (?1)
