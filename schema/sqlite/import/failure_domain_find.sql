SELECT id FROM failure_domain WHERE text = ?1
