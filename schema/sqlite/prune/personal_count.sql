-- What there is of people: failure reports; originals and their bytes as they are stored.
SELECT (SELECT count(*) FROM failure WHERE personal = 1), count(*), coalesce(sum(bytes), 0)
FROM (
    SELECT (SELECT coalesce(sum(length(chunk.data)), 0) FROM original_chunk AS chunk
        WHERE chunk.id >= original.id * 65536 AND chunk.id < (original.id + 1) * 65536) AS bytes
    FROM original
    WHERE size > missing AND (personal = 2
        OR id IN (SELECT original FROM arrival WHERE id IN (SELECT arrival FROM failure WHERE personal = 1)))
)
