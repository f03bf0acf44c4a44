-- Failing mail under a policy that asks for more than none: p for the domain itself, sp for names below it (RFC 7489 s. 6.3, 6.6.3);
-- t=y asks for one step less (RFC 9989 s. 4.7). What pct left out (sampled_out) was not asked for.
INSERT INTO asked
SELECT report.reporter, report.domain, profile.id, sum(record.messages), disposition.text IN ('none', 'pass')
FROM report
JOIN policy ON policy.id = report.policy
CROSS JOIN record ON record.id BETWEEN report.first_record AND report.first_record + report.records - 1
JOIN profile ON profile.id = record.profile
JOIN name AS disposition ON disposition.id = profile.disposition
WHERE report.state = 1 AND (NOT :authentic OR report.authentic = 1) AND report.failed > 0 AND report.domain IN (SELECT value FROM json_each(:domains))
    AND (:whole OR (first_day(report.begin, report.end) <= :until AND last_day(report.begin, report.end) >= :since))
    AND (policy.p IN ('quarantine', 'reject') OR policy.sp IN ('quarantine', 'reject')) AND profile.dmarc = 0
    AND CASE WHEN profile.header_from = report.domain THEN policy.p ELSE coalesce(policy.sp, policy.p) END
        IN ('reject', CASE WHEN policy.testing = 'y' THEN 'reject' ELSE 'quarantine' END)
    AND disposition.text IN ('none', 'pass', 'quarantine', 'reject')
    AND NOT EXISTS (
        SELECT 1 FROM json_each(profile.details) AS list
        JOIN detail ON detail.id = list.value
        JOIN name ON name.id = detail.a
        WHERE detail.kind = 0 AND name.text = 'sampled_out'
    )
GROUP BY report.reporter, report.domain, profile.id
