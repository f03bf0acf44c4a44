SELECT id, content, arrival, place FROM tls_report
WHERE hash = ?1 AND reporter = ?2 AND report_id = ?3 AND domain = ?4 AND begin IS ?5 AND end IS ?6
ORDER BY state, id
