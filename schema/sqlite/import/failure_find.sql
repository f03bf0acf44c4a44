SELECT id, arrival FROM failure WHERE key = ?1
