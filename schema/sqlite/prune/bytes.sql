-- Takes away the bytes of the next originals.
DELETE FROM original_chunk WHERE id IN (
    SELECT chunk.id FROM (SELECT id FROM temp.gone_original ORDER BY id LIMIT 20000) AS gone
    CROSS JOIN original_chunk AS chunk ON chunk.id >= gone.id * 65536 AND chunk.id < (gone.id + 1) * 65536);
UPDATE original SET missing = size, deflated = 0 WHERE id IN (SELECT id FROM temp.gone_original ORDER BY id LIMIT 20000);
DELETE FROM temp.gone_original WHERE id IN (SELECT id FROM temp.gone_original ORDER BY id LIMIT 20000);
