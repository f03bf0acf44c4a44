INSERT INTO day (domain, day, reporter, authentic, reports, messages, passed, failed) VALUES (?1, ?2, ?3, ?4, 0, 0, 0, 0)
