-- What came of a method (?2): pass when a result that passes is aligned with From, fail when there are only others; NULL: unknown.
SELECT CASE
    WHEN max(result.method = ?2 || '-alignment' AND lower(result.result) = 'yes') THEN 'pass'
    WHEN max(result.method = ?2 || '-alignment') THEN 'fail'
    WHEN failure.header_from IS NULL OR count(result.n) = 0 THEN NULL
    WHEN max(result.result = 'pass' AND coalesce(same_organisation(result.domain, failure.header_from), 0)) THEN 'pass'
    ELSE 'fail'
END
FROM failure
LEFT JOIN failure_result AS result ON result.failure = failure.id AND result.method IN (?2, ?2 || '-alignment')
WHERE failure.id = ?1
