-- A day's totals are the sums of its traffic.
SELECT 'day ' || d.id || ': its totals are ' || d.messages || ', ' || d.passed || ' passed and ' || d.failed
    || ' failed, its traffic is ' || coalesce(s.messages, 0) || ', ' || coalesce(s.passed, 0) || ' and '
    || coalesce(s.failed, 0)
    || CASE WHEN d.failed_quarantined <> coalesce(s.quarantined, 0) OR d.failed_rejected <> coalesce(s.rejected, 0)
        THEN '; of what failed it says ' || d.failed_quarantined || ' quarantined and ' || d.failed_rejected
            || ' rejected, its traffic is ' || coalesce(s.quarantined, 0) || ' and ' || coalesce(s.rejected, 0)
        ELSE '' END
FROM day AS d
LEFT JOIN (
    SELECT t.day, sum(t.messages) AS messages, sum(CASE WHEN p.dmarc = 1 THEN t.messages ELSE 0 END) AS passed,
        sum(CASE WHEN p.dmarc = 0 THEN t.messages ELSE 0 END) AS failed,
        sum(CASE WHEN p.dmarc = 0 AND p.disposition = 5 THEN t.messages ELSE 0 END) AS quarantined,
        sum(CASE WHEN p.dmarc = 0 AND p.disposition = 6 THEN t.messages ELSE 0 END) AS rejected
    FROM traffic AS t JOIN profile AS p ON p.id = t.profile
    GROUP BY t.day
) AS s ON s.day = d.id
WHERE d.messages <> coalesce(s.messages, 0) OR d.passed <> coalesce(s.passed, 0) OR d.failed <> coalesce(s.failed, 0)
    OR d.failed_quarantined <> coalesce(s.quarantined, 0) OR d.failed_rejected <> coalesce(s.rejected, 0)
UNION ALL
SELECT 'day ' || d.id || ': of its ' || d.messages || ' messages, ' || d.passed || ' passed and ' || d.failed || ' failed, '
    || d.archived || ', ' || d.archived_passed || ' and ' || d.archived_failed || ' are of pruned reports'
FROM day AS d
WHERE d.archived > d.messages OR d.archived_passed > d.passed OR d.archived_failed > d.failed OR d.archived_reports > d.reports
UNION ALL
SELECT 'the total of all days is ' || sum(messages) || ', it is kept as '
    || (SELECT value FROM setting WHERE name = 'messages')
FROM day
HAVING coalesce(sum(messages), 0) <> coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'messages'), 0)
LIMIT 100
