-- Rejects that were read later and were filed before a time.
INSERT INTO temp.gone_reject (id) SELECT id FROM reject WHERE retried IS NOT NULL AND at < ?1 LIMIT ?2
