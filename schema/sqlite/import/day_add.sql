INSERT INTO day (domain, day, reporter, reports, messages, passed, failed) VALUES (?1, ?2, ?3, 0, 0, 0, 0)
