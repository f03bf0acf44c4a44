INSERT INTO original (id, sha256, size, missing, deflated, personal) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
