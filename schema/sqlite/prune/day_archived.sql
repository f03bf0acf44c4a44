-- A day that holds something of reports of state 3 and is older than a day.
SELECT id, domain, day, reporter, archived FROM day WHERE day < ?1 AND archived_reports > 0 LIMIT 1
