UPDATE tls_report SET authentic = 1 WHERE id = ?1
