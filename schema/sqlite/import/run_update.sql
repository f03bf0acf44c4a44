UPDATE run SET finished = ?2, files = ?3, mails = ?4, reports = ?5, duplicates = ?6, conflicts = ?7, incomplete = ?8,
    repaired = ?9, records = ?10, messages = ?11, rejected = ?12, skipped = ?13, bounces = ?14, replies = ?15, abuse = ?16,
    lost = ?17, others = ?18, tls_reports = ?19, failures = ?20, feedback = ?21, failed_sources = ?22
WHERE id = ?1
