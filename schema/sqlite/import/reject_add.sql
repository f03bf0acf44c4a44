INSERT INTO reject (arrival, at, place, status, reason) VALUES (?1, ?2, ?3, ?4, ?5)
