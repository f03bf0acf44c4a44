UPDATE mail SET sender = NULL, subject = NULL WHERE id = ?1
