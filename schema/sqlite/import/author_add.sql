INSERT INTO author (hash, org_name, email, contact, contact_lang, generator, version, namespace)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
