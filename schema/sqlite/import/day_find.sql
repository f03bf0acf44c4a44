SELECT id FROM day WHERE domain = ?1 AND day IS ?2 AND reporter = ?3 AND authentic = ?4
