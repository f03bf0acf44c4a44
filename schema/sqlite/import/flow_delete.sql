DELETE FROM flow WHERE domain = ?1
