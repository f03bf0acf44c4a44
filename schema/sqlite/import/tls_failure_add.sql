INSERT INTO tls_failure (policy, result, mx, helo, info, reason, sending_ip, receiving_ip, sessions)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
