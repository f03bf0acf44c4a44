SELECT list, text FROM failure_text WHERE failure = :id ORDER BY n
