-- The first and the last day with a report of any of the domains, from the ends of the index, and how many domains there are.
SELECT min(first), max(last), count(*)
FROM (
    SELECT CASE WHEN :authentic
            THEN (SELECT day FROM day WHERE domain = scope.value AND day IS NOT NULL AND authentic = 1 ORDER BY day LIMIT 1)
            ELSE (SELECT min(day) FROM day WHERE domain = scope.value) END AS first,
        CASE WHEN :authentic
            THEN (SELECT day FROM day WHERE domain = scope.value AND authentic = 1 ORDER BY day DESC LIMIT 1)
            ELSE (SELECT max(day) FROM day WHERE domain = scope.value) END AS last
    FROM json_each(:domains) AS scope
)
