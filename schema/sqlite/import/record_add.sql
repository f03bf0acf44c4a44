INSERT INTO record (id, report, ip, profile, messages) VALUES (?1, ?2, ?3, ?4, ?5)
