INSERT INTO tls_repeat (report, arrival, place) VALUES (?1, ?2, ?3)
