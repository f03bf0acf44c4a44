UPDATE day SET archived_reports = archived_reports + 1, archived = archived + ?2, archived_passed = archived_passed + ?3,
    archived_failed = archived_failed + ?4
WHERE id = ?1
