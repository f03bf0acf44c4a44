-- The modes of alignment report by report, where they are not the same in all reports of a domain. Reports without a period are
-- those of an impossible day.
INSERT INTO why_policy
SELECT report.domain, report.reporter, coalesce(first_day(report.begin, report.end), -1000000),
    coalesce(last_day(report.begin, report.end), -1000000), coalesce(policy.adkim = 's', 0), coalesce(policy.aspf = 's', 0)
FROM report
JOIN policy ON policy.id = report.policy
WHERE report.state IN (1, 3) AND report.domain IN (
    SELECT domain FROM policy
    WHERE domain IN (SELECT domain FROM why_traffic)
    GROUP BY domain
    HAVING count(DISTINCT coalesce(adkim = 's', 0) * 2 + coalesce(aspf = 's', 0)) > 1
)
