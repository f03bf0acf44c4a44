SELECT text, address FROM ip WHERE id = ?1
