INSERT INTO run (started, program) VALUES (?1, ?2)
