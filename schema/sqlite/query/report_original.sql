SELECT arrival.original FROM report JOIN arrival ON arrival.id = report.arrival WHERE report.id = ?1
