-- The first and the last day with a report, of one domain (NULL: of all).
SELECT min(day), max(day), count(*) FROM day WHERE domain IN (SELECT value FROM json_each(:domains))
