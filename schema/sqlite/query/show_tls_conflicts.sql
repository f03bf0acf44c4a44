-- TLS reports with the same key and other content.
SELECT 'T' || other.id, CASE other.state WHEN 1 THEN 'counted' ELSE 'conflict' END, other.policies,
    (SELECT run.started FROM run WHERE run.id = arrival.run) + arrival.after
FROM tls_report AS report
JOIN tls_report AS other ON other.id <> report.id AND other.reporter = report.reporter
    AND other.domain = report.domain AND other.report_id = report.report_id AND other.begin IS report.begin
    AND other.end IS report.end
JOIN arrival ON arrival.id = other.arrival
WHERE report.id = :id
ORDER BY other.id
