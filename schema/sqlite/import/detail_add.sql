INSERT INTO detail (hash, kind, a, b, result, c, lang) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
