DELETE FROM record WHERE id >= ?1 AND id < ?2
