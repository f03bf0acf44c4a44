SELECT id, state, incomplete, content, records, messages, arrival, place, first_record, authentic FROM report
WHERE domain = ?4 AND begin IS ?5 AND hash = ?1 AND reporter = ?2 AND report_id = ?3 AND end IS ?6
ORDER BY state, id
