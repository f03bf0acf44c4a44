SELECT header_from, address, source_ip FROM failure WHERE id = ?1
