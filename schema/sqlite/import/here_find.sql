SELECT 1 FROM temp.here WHERE arrival = ?1 AND place IS ?2
