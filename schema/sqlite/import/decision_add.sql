INSERT INTO decision (at, who, kind, source, domain, verdict, note, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
