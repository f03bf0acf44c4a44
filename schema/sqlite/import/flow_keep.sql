INSERT INTO flow_domain (domain) VALUES (?1)
