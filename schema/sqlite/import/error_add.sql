INSERT INTO report_error (report, n, text, lang) VALUES (?1, ?2, ?3, ?4)
