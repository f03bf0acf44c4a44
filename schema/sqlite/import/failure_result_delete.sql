DELETE FROM failure_result WHERE failure = ?1
