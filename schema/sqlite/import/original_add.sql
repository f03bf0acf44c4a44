INSERT INTO original (id, sha256, size, missing, deflated) VALUES (?1, ?2, ?3, ?4, ?5)
