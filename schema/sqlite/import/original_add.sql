INSERT INTO original (id, hash, sha256, size, kept, deflated) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
