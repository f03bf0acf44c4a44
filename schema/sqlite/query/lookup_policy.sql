SELECT p, sp, np, adkim, aspf, pct, fo, testing, discovery_method FROM policy WHERE id = ?1
