UPDATE original SET missing = size - ?2, deflated = ?3, personal = ?4 WHERE id = ?1
