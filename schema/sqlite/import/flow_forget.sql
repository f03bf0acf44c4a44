DELETE FROM flow_domain WHERE domain = ?1
