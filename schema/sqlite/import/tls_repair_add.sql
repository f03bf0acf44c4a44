INSERT INTO tls_repair (report, code, times, first) VALUES (?1, ?2, ?3, ?4)
