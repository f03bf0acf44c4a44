INSERT INTO profile_hash (hash, profile) VALUES (?1, ?2)
