INSERT INTO mail (file, place, message_id, sender, sent, subject, from_domain, checked_by, results)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
