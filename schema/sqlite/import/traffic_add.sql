INSERT INTO traffic (day, profile, ip, messages) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (day, profile, ip) DO UPDATE SET messages = messages + excluded.messages
