-- Before which day reports were pruned; the latest of all prunes.
INSERT INTO setting (name, value) VALUES ('pruned', CAST(?1 AS TEXT))
ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE CAST(value AS INTEGER) < ?1
