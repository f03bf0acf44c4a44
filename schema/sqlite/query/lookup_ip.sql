SELECT address, text FROM ip WHERE id = ?1
