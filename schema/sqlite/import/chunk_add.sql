INSERT INTO original_chunk (id, data) VALUES (?1, ?2)
