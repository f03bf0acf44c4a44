-- What there is of TLS reports; no row when there is none.
WITH policy AS (
    SELECT tls_policy.report, tls_report.authentic, tls_policy.ok, tls_policy.failed, tls_report.last_day
    FROM tls_report JOIN tls_policy ON tls_policy.report = tls_report.id
    WHERE tls_report.state = 1 AND (NOT :authentic OR tls_report.authentic = 1) AND (:all OR tls_policy.domain IN (SELECT value FROM json_each(:domains)))
)
SELECT count(DISTINCT report), CAST(total(ok) + total(failed) AS INTEGER), CAST(total(failed) AS INTEGER),
    CAST(total(failed) AS INTEGER), CAST(total(ok) + total(failed) AS INTEGER), max(last_day),
    count(DISTINCT CASE authentic WHEN 1 THEN report END), count(DISTINCT CASE authentic WHEN 2 THEN report END)
FROM policy
HAVING count(*) > 0
