UPDATE record SET report = ?3 WHERE id >= ?1 AND id < ?2
