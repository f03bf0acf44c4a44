INSERT INTO arrival (id, run, after, file, mail, place, original) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
