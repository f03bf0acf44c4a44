INSERT INTO flow (domain, profile, ip, reporter, authentic, messages, first_day, last_day) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
ON CONFLICT (domain, profile, ip, reporter, authentic) DO UPDATE SET messages = messages + excluded.messages,
    first_day = min(coalesce(first_day, excluded.first_day), excluded.first_day),
    last_day = max(coalesce(last_day, excluded.last_day), excluded.last_day)
