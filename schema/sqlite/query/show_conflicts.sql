-- Reports with the same key and other content.
SELECT other.id, CASE other.state WHEN 1 THEN 'counted' WHEN 2 THEN 'conflict' ELSE 'pruned' END, other.records, other.messages, (SELECT run.started FROM run WHERE run.id = arrival.run) + arrival.after
FROM report
JOIN report AS other ON other.id <> report.id AND other.reporter = report.reporter
    AND other.domain = report.domain AND other.report_id = report.report_id AND other.begin IS report.begin
    AND other.end IS report.end
LEFT JOIN arrival ON arrival.id = other.arrival
WHERE report.id = :id
ORDER BY other.id
