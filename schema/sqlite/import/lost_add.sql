INSERT INTO lost (domain, submitter, report_id, date, uri, size, run, after, mail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
