SELECT id, kept, size FROM original WHERE hash = ?1 AND sha256 = ?2
