SELECT id FROM ip WHERE text = ?1
