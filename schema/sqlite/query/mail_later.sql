-- Whether a report tells of later days of a domain: ?1 domain, ?2 day.
SELECT EXISTS (SELECT 1 FROM day WHERE domain = ?1 AND day > ?2)
