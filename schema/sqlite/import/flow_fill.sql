INSERT INTO flow (domain, profile, ip, reporter, authentic, messages, first_day, last_day)
SELECT ?1, traffic.profile, traffic.ip, day.reporter, day.authentic, sum(traffic.messages), min(day.day), max(day.day)
FROM day
CROSS JOIN traffic ON traffic.day = day.id
WHERE day.domain = ?1
GROUP BY traffic.profile, traffic.ip, day.reporter, day.authentic
