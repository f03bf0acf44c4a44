UPDATE day SET reports = reports + ?2, messages = messages + ?3, passed = passed + ?4, failed = failed + ?5 WHERE id = ?1
