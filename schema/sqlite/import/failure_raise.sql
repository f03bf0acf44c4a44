UPDATE failure SET authentic = 1 WHERE id = ?1
