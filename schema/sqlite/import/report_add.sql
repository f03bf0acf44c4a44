INSERT INTO report (id, hash, state, reporter, domain, report_id, begin, end, author, policy, arrival, place,
    raw_report_id, incomplete, repaired, records, messages, content, first_record, failed, failed_quarantined, failed_rejected,
    authentic)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
