-- The first and the last day with a report of any of the domains, from the ends of the index, and how many domains there are.
SELECT min(first), max(last), count(*)
FROM (
    SELECT (SELECT min(day) FROM day WHERE domain = scope.value) AS first,
        (SELECT max(day) FROM day WHERE domain = scope.value) AS last
    FROM json_each(:domains) AS scope
)
