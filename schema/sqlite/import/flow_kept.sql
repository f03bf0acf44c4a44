SELECT 1 FROM flow_domain WHERE domain = ?1
