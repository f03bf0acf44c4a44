DELETE FROM failure_text WHERE failure = ?1
