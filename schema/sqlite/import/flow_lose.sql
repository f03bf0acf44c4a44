-- The traffic of a day that goes: what has no messages any more, or all of it (?2).
INSERT OR IGNORE INTO temp.flow_lost (domain, profile, ip, reporter, authentic)
SELECT day.domain, traffic.profile, traffic.ip, day.reporter, day.authentic
FROM day
CROSS JOIN traffic ON traffic.day = day.id
WHERE day.id = ?1 AND (?2 OR traffic.messages = 0)
