SELECT arrival.original FROM report LEFT JOIN arrival ON arrival.id = report.arrival WHERE report.id = ?1
