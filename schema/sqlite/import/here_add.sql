-- The begin of an old report is before the day; of some others too, which does no harm.
INSERT INTO temp.here (arrival, place)
SELECT arrival, place FROM report WHERE begin < ?1 * 86400 AND state <> 3
UNION
SELECT repeat.arrival, repeat.place FROM repeat JOIN report ON report.id = repeat.report WHERE report.begin < ?1 * 86400
UNION
SELECT arrival, place FROM tls_report WHERE last_day < ?1
UNION
SELECT tls_repeat.arrival, tls_repeat.place FROM tls_repeat JOIN tls_report ON tls_report.id = tls_repeat.report
WHERE tls_report.last_day < ?1
