UPDATE original SET kept = ?2, deflated = ?3 WHERE id = ?1
