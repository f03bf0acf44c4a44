INSERT INTO tls_report (id, hash, state, reporter, domain, report_id, begin, end, org_name, contact, arrival, place,
    raw_report_id, repaired, policies, content, first_day, last_day, authentic)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
