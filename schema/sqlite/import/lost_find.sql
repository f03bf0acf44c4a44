SELECT 1 FROM lost WHERE domain = ?1 AND submitter IS ?2 AND report_id IS ?3 AND date IS ?4 AND uri IS ?5 AND size IS ?6
