INSERT INTO repeat (report, arrival, place, kind) VALUES (?1, ?2, ?3, ?4)
