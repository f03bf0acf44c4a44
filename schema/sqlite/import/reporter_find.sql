SELECT id FROM reporter WHERE org = ?1
