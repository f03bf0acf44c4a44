-- The roll-up of the window, row by row, for src/query/ranking.c: ?1 JSON array of domains, ?2 to ?3: days, ?4: everything, days
-- that are unknown too, ?5: authenticated reports alone. Everything is shorter in flow, for the domains that it is kept for.
SELECT flow.domain, flow.reporter, flow.profile, flow.ip, flow.messages, flow.first_day, flow.last_day, profile.dmarc,
    profile.disposition, profile.header_from, profile.envelope_from
FROM flow
CROSS JOIN profile ON profile.id = flow.profile
WHERE ?4 AND flow.domain IN (SELECT value FROM json_each(?1)) AND (NOT ?5 OR flow.authentic = 1)
UNION ALL
SELECT day.domain, day.reporter, traffic.profile, traffic.ip, traffic.messages, day.day, day.day, profile.dmarc, profile.disposition,
    profile.header_from, profile.envelope_from
FROM day
CROSS JOIN traffic ON traffic.day = day.id
CROSS JOIN profile ON profile.id = traffic.profile
WHERE day.domain IN (SELECT value FROM json_each(?1) WHERE NOT (?4 AND value IN (SELECT domain FROM flow_domain)))
    AND (?4 OR day.day BETWEEN ?2 AND ?3) AND (NOT ?5 OR day.authentic = 1)
