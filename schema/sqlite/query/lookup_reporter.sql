SELECT org FROM reporter WHERE id = ?1
