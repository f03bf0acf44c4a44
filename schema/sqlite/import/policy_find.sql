SELECT id FROM policy
WHERE hash = ?1 AND domain = ?2 AND p IS ?3 AND sp IS ?4 AND np IS ?5 AND adkim IS ?6 AND aspf IS ?7 AND pct IS ?8
    AND fo IS ?9 AND testing IS ?10 AND discovery_method IS ?11
