INSERT INTO ip (text, address) VALUES (?1, ?2)
