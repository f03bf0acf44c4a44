DELETE FROM report_error WHERE report = ?1
