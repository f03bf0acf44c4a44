SELECT text, lang FROM report_error WHERE report = :id ORDER BY n
