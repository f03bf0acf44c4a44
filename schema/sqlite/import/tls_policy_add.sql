INSERT INTO tls_policy (report, type, domain, strings, mx_hosts, ok, failed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
