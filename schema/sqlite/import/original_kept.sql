UPDATE original SET missing = size - ?2, deflated = ?3 WHERE id = ?1
