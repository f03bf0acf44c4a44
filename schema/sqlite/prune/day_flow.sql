-- Takes the traffic of a day off its flows.
UPDATE flow SET messages = flow.messages - (
    SELECT traffic.messages FROM traffic WHERE traffic.day = ?1 AND traffic.profile = flow.profile AND traffic.ip = flow.ip)
WHERE (domain, profile, ip, reporter, authentic) IN (
    SELECT day.domain, traffic.profile, traffic.ip, day.reporter, day.authentic
    FROM day CROSS JOIN traffic ON traffic.day = day.id WHERE day.id = ?1)
