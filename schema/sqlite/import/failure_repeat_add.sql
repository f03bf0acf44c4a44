INSERT INTO failure_repeat (failure, arrival, place) VALUES (?1, ?2, ?3)
