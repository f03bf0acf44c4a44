DELETE FROM day WHERE id = ?1 AND reports = 0
