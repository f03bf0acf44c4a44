SELECT failure FROM failure_repeat WHERE arrival = ?1 AND place IS ?2
