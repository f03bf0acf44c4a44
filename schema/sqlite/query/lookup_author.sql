SELECT org_name, email FROM author WHERE id = ?1
