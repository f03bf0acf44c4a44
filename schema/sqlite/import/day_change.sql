UPDATE day SET reports = reports + ?2, messages = messages + ?3, passed = passed + ?4, failed = failed + ?5,
    failed_quarantined = failed_quarantined + ?6, failed_rejected = failed_rejected + ?7
WHERE id = ?1
