-- TLS reports whose last day is before a day. They have no roll-up: an old one goes whole, with all that hangs on it.
INSERT INTO temp.gone_tls (id) SELECT id FROM tls_report WHERE last_day < ?1 ORDER BY id LIMIT ?2
