-- What there is of TLS reports; no row when there is none, or when only authenticated reports are asked for: these are not judged.
WITH policy AS (
    SELECT tls_policy.report, tls_policy.ok, tls_policy.failed, tls_report.last_day
    FROM tls_report JOIN tls_policy ON tls_policy.report = tls_report.id
    WHERE tls_report.state = 1 AND NOT :authentic AND (:all OR tls_policy.domain IN (SELECT value FROM json_each(:domains)))
)
SELECT count(DISTINCT report), CAST(total(ok) + total(failed) AS INTEGER), CAST(total(failed) AS INTEGER),
    CAST(total(failed) AS INTEGER), CAST(total(ok) + total(failed) AS INTEGER), max(last_day)
FROM policy
HAVING count(*) > 0
