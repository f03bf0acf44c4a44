-- What holds of sources on the day ?2, for all domains and then for the domain ?1: of each source the latest decision, if it has not
-- ended. A later one replaces an earlier one for good, so that one which has ended doesn't bring that back.
SELECT kind, source, verdict
FROM (
    SELECT kind, source, verdict, until, domain, max(id) AS id
    FROM decision
    WHERE domain IS NULL OR domain = ?1
    GROUP BY domain, source
)
WHERE until IS NULL OR until >= ?2
ORDER BY domain IS NOT NULL, id
