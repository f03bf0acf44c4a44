-- Whether alignment is strict (adkim, aspf) by the last word of most reporters; parameters as in mail_reports.sql. One voice each:
-- a single reporter can't change how all mail is counted.
WITH last AS (
    SELECT reporter, policy, max(begin) AS begin -- the policy of that row
    FROM report
    WHERE domain = ?1 AND begin BETWEEN ?2 AND ?3 AND state IN (1, 3) AND (NOT ?4 OR authentic = 1)
    GROUP BY reporter
)
SELECT coalesce(policy.adkim = 's', 0) AS adkim, coalesce(policy.aspf = 's', 0) AS aspf
FROM last
JOIN policy ON policy.id = last.policy
GROUP BY 1, 2
ORDER BY count(*) DESC, 1, 2
LIMIT 1
