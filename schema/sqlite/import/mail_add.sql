INSERT INTO mail (file, place, message_id, sender, sent, subject) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
