SELECT count(*) FROM reject WHERE retried IS NULL
