SELECT o.id, o.size - o.missing, o.sha256 FROM arrival AS a JOIN original AS o ON o.id = a.original WHERE a.id = ?1
