INSERT INTO setting (name, value) VALUES ('messages', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value
