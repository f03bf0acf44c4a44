INSERT INTO reporter (org) VALUES (?1)
