-- The begin of an old report is before the day; of some others too, which does no harm.
INSERT INTO temp.here (arrival, place)
SELECT arrival, place FROM report WHERE begin < ?1 * 86400 AND state <> 3
UNION
SELECT repeat.arrival, repeat.place FROM repeat JOIN report ON report.id = repeat.report WHERE report.begin < ?1 * 86400
