SELECT id FROM detail WHERE hash = ?1 AND kind = ?2 AND a IS ?3 AND b IS ?4 AND result IS ?5 AND c IS ?6 AND lang IS ?7
