INSERT INTO temp.gone_report (id) VALUES (?1)
