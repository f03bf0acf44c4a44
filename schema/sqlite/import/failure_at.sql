SELECT id FROM failure WHERE arrival = ?1 AND place IS ?2
