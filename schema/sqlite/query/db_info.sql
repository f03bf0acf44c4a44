-- One row about the whole database: reports that count, their records that are there and all of their messages; and how many
-- reports are in conflict with them. file_bytes is a function of src/query/disk.c.
SELECT (SELECT user_version FROM pragma_user_version),
    (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'created'),
    (SELECT value FROM setting WHERE name = 'created_by'),
    (SELECT min(day) FROM day), (SELECT max(day) FROM day),
    (SELECT count(*) FROM report WHERE state IN (1, 3)), (SELECT count(*) FROM report WHERE state = 3),
    (SELECT coalesce(sum(records), 0) FROM report WHERE state = 1), (SELECT coalesce(sum(messages), 0) FROM day),
    (SELECT count(*) FROM report WHERE state = 2),
    (SELECT count(*) FROM original), (SELECT coalesce(sum(size), 0) FROM original),
    (SELECT coalesce(sum(length(data)), 0) FROM original_chunk),
    file_bytes(''), coalesce(file_bytes('-wal'), 0),
    (SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size)
