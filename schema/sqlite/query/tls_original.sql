SELECT arrival.original FROM tls_report LEFT JOIN arrival ON arrival.id = tls_report.arrival WHERE tls_report.id = ?1
