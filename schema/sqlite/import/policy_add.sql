INSERT INTO policy (hash, domain, p, sp, np, adkim, aspf, pct, fo, testing, discovery_method)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
