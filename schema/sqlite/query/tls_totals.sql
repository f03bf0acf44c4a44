-- All of the scope. A summary and its details may say different numbers: both stand here.
SELECT count(DISTINCT report), count(*), CAST(total(ok) + total(failed) AS INTEGER), CAST(total(failed) AS INTEGER),
    CAST(total(failed) AS INTEGER), CAST(total(ok) + total(failed) AS INTEGER), CAST(total(detailed) AS INTEGER),
    coalesce(sum(details > 0 AND details = counted AND failed IS NOT NULL AND failed <> detailed), 0),
    coalesce(sum(ok IS NULL OR failed IS NULL), 0),
    count(DISTINCT CASE authentic WHEN 1 THEN report END), count(DISTINCT CASE authentic WHEN 2 THEN report END)
FROM tls_asked
HAVING count(*) > 0
