INSERT INTO flow (domain, profile, ip, reporter, messages, first_day, last_day) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
ON CONFLICT (domain, profile, ip, reporter) DO UPDATE SET messages = messages + excluded.messages,
    first_day = min(coalesce(first_day, excluded.first_day), excluded.first_day),
    last_day = max(coalesce(last_day, excluded.last_day), excluded.last_day)
