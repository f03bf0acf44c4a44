-- Failure reports about mail of the sender, by domain.
SELECT nullif(failure_domain.text, ''), count(*), sum(failure.incidents),
    min(coalesce(failure.arrived, failure.sent) / 86400), max(coalesce(failure.arrived, failure.sent) / 86400)
FROM why_failure
JOIN failure ON failure.id = why_failure.failure
JOIN failure_domain ON failure_domain.id = failure.domain
GROUP BY failure_domain.text
ORDER BY count(*) DESC, failure_domain.text
LIMIT CASE WHEN :n > 0 THEN :n ELSE -1 END
