SELECT id FROM folder WHERE path = ?1
