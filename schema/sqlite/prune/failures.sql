-- Failure reports of before a time; one that tells of no time, or of one to come, is as old as its import.
INSERT INTO temp.gone_failure (id)
SELECT failure.id
FROM failure
JOIN arrival ON arrival.id = failure.arrival
JOIN run ON run.id = arrival.run
WHERE min(coalesce(failure.arrived, failure.sent, run.started), run.started + arrival.after) < ?1
LIMIT ?2
