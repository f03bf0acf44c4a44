-- One row per table with what it and its indexes take. dbstat is empty where SQLite was built without it (src/query/disk.c).
WITH counted AS (
    SELECT 'setting' AS name, count(*) AS rows FROM setting
    UNION ALL SELECT 'run', count(*) FROM run
    UNION ALL SELECT 'folder', count(*) FROM folder
    UNION ALL SELECT 'file', count(*) FROM file
    UNION ALL SELECT 'mail', count(*) FROM mail
    UNION ALL SELECT 'original', count(*) FROM original
    UNION ALL SELECT 'original_chunk', count(*) FROM original_chunk
    UNION ALL SELECT 'arrival', count(*) FROM arrival
    UNION ALL SELECT 'reject', count(*) FROM reject
    UNION ALL SELECT 'lost', count(*) FROM lost
    UNION ALL SELECT 'decision', count(*) FROM decision
    UNION ALL SELECT 'name', count(*) FROM name
    UNION ALL SELECT 'reporter', count(*) FROM reporter
    UNION ALL SELECT 'author', count(*) FROM author
    UNION ALL SELECT 'policy', count(*) FROM policy
    UNION ALL SELECT 'ip', count(*) FROM ip
    UNION ALL SELECT 'detail', count(*) FROM detail
    UNION ALL SELECT 'profile', count(*) FROM profile
    UNION ALL SELECT 'report', count(*) FROM report
    UNION ALL SELECT 'report_repair', count(*) FROM report_repair
    UNION ALL SELECT 'report_error', count(*) FROM report_error
    UNION ALL SELECT 'repeat', count(*) FROM repeat
    UNION ALL SELECT 'record', count(*) FROM record
    UNION ALL SELECT 'day', count(*) FROM day
    UNION ALL SELECT 'traffic', count(*) FROM traffic
    UNION ALL SELECT 'flow', count(*) FROM flow
    UNION ALL SELECT 'flow_domain', count(*) FROM flow_domain
    UNION ALL SELECT 'tls_report', count(*) FROM tls_report
    UNION ALL SELECT 'tls_policy', count(*) FROM tls_policy
    UNION ALL SELECT 'tls_failure', count(*) FROM tls_failure
    UNION ALL SELECT 'tls_repair', count(*) FROM tls_repair
    UNION ALL SELECT 'tls_repeat', count(*) FROM tls_repeat
    UNION ALL SELECT 'profile_hash', count(*) FROM profile_hash
    UNION ALL SELECT 'failure', count(*) FROM failure
    UNION ALL SELECT 'failure_domain', count(*) FROM failure_domain
    UNION ALL SELECT 'failure_text', count(*) FROM failure_text
    UNION ALL SELECT 'failure_result', count(*) FROM failure_result
    UNION ALL SELECT 'failure_repeat', count(*) FROM failure_repeat
), taken AS MATERIALIZED (
    SELECT part.tbl_name AS name, sum(stat.pgsize) AS bytes,
        sum(CASE WHEN part.type = 'index' THEN stat.pgsize ELSE 0 END) AS index_bytes
    FROM dbstat AS stat JOIN sqlite_schema AS part ON part.name = stat.name
    WHERE stat.aggregate = 1
    GROUP BY part.tbl_name
)
SELECT part.name, counted.rows, taken.bytes, taken.bytes, (SELECT sum(bytes) FROM taken), taken.index_bytes
FROM sqlite_schema AS part
LEFT JOIN counted ON counted.name = part.name
LEFT JOIN taken ON taken.name = part.name
WHERE part.type = 'table'
ORDER BY taken.bytes DESC, part.name
