DELETE FROM report_repair WHERE report = ?1
