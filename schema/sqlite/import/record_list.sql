SELECT r.profile, r.ip, r.messages, p.dmarc, p.disposition FROM record AS r JOIN profile AS p ON p.id = r.profile
WHERE r.id >= ?1 AND r.id < ?2 ORDER BY r.id
