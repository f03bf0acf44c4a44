INSERT INTO failure_text (failure, n, list, text) VALUES (?1, ?2, ?3, ?4)
