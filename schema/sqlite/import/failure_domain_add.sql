INSERT INTO failure_domain (text) VALUES (?1)
