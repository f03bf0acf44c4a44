UPDATE reject SET retried = ?2 WHERE arrival = ?1 AND retried IS NULL
