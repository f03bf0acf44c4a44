-- The roll-up of one domain, row by row, for src/query/mail_feed.c: ?1 domain, ?2 to ?3 days, ?4: authenticated reports alone.
SELECT traffic.profile, traffic.ip, traffic.messages, day.day, day.reporter, day.authentic
FROM day
CROSS JOIN traffic ON traffic.day = day.id
WHERE day.domain = ?1 AND day.day BETWEEN ?2 AND ?3 AND (NOT ?4 OR day.authentic = 1)
