-- Reports that could not be sent, as their reporters say (RFC 7489 s. 7.2.2).
SELECT lost.domain, lost.submitter, count(*) AS reports, min(run.started + lost.after), max(run.started + lost.after),
    max(lost.size)
FROM lost
JOIN run ON run.id = lost.run
WHERE :all OR lost.domain IN (SELECT text FROM name WHERE id IN (SELECT value FROM json_each(:domains)))
GROUP BY lost.domain, lost.submitter
ORDER BY reports DESC, lost.domain, lost.submitter
LIMIT 100
