-- Schema version 2: what failing mail met is counted where questions look for it, and views for people who ask with SQL.

-- Everything in a record but its address and count; its hash stands only in the index over hashes.
CREATE TABLE profile_new (
    id INTEGER PRIMARY KEY,
    header_from INTEGER REFERENCES name,
    envelope_from INTEGER REFERENCES name, -- NULL: missing; '': null reverse-path
    envelope_to INTEGER REFERENCES name,
    disposition INTEGER NOT NULL REFERENCES name,
    dkim INTEGER NOT NULL REFERENCES name, -- aligned verdict: 2 pass, 3 fail, 1 unknown, or another word
    spf INTEGER NOT NULL REFERENCES name,
    dmarc INTEGER,                  -- 1: dkim or spf passes; 0: neither does; NULL: unknown
    flags INTEGER NOT NULL,         -- 1: signed (a DKIM result other than none), 2: some SPF result passes, 4: forwarded by the
                                    -- receiver's word (forwarded, trusted_forwarder, mailing_list, local_policy with arc=pass)
    details TEXT                    -- JSON array of detail ids in document order; NULL: none
) STRICT;
INSERT INTO profile_new (id, header_from, envelope_from, envelope_to, disposition, dkim, spf, dmarc, flags, details)
SELECT id, header_from, envelope_from, envelope_to, disposition, dkim, spf, dmarc,
    EXISTS (SELECT 1 FROM json_each(profile.details) AS j JOIN detail ON detail.id = j.value
        WHERE detail.kind = 1 AND detail.result IS NOT 4)
    + 2 * EXISTS (SELECT 1 FROM json_each(profile.details) AS j JOIN detail ON detail.id = j.value
        WHERE detail.kind = 2 AND detail.result = 2)
    + 4 * EXISTS (SELECT 1 FROM json_each(profile.details) AS j JOIN detail ON detail.id = j.value
        JOIN name AS type ON type.id = detail.a LEFT JOIN name AS comment ON comment.id = detail.c
        WHERE detail.kind = 0 AND (type.text IN ('forwarded', 'trusted_forwarder', 'mailing_list')
            OR (type.text = 'local_policy' AND comment.text LIKE '%arc=pass%'))),
    details
FROM profile
ORDER BY id;
CREATE TABLE profile_hash_new (
    hash INTEGER NOT NULL,
    profile INTEGER NOT NULL REFERENCES profile,
    PRIMARY KEY (hash, profile)
) STRICT, WITHOUT ROWID;
INSERT INTO profile_hash_new (hash, profile) SELECT hash, id FROM profile ORDER BY hash, id;
DROP INDEX profile_hash;
DROP TABLE profile;
ALTER TABLE profile_new RENAME TO profile;
ALTER TABLE profile_hash_new RENAME TO profile_hash;

-- Messages that fail DMARC, and what became of them.
ALTER TABLE report ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN failed_quarantined INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN failed_rejected INTEGER NOT NULL DEFAULT 0;
UPDATE report SET (failed, failed_quarantined, failed_rejected) = (
    SELECT coalesce(sum(CASE WHEN profile.dmarc = 0 THEN record.messages ELSE 0 END), 0),
        coalesce(sum(CASE WHEN profile.dmarc = 0 AND profile.disposition = 5 THEN record.messages ELSE 0 END), 0),
        coalesce(sum(CASE WHEN profile.dmarc = 0 AND profile.disposition = 6 THEN record.messages ELSE 0 END), 0)
    FROM record JOIN profile ON profile.id = record.profile
    WHERE record.id BETWEEN report.first_record AND report.first_record + report.records - 1);
ALTER TABLE day ADD COLUMN failed_quarantined INTEGER NOT NULL DEFAULT 0;
ALTER TABLE day ADD COLUMN failed_rejected INTEGER NOT NULL DEFAULT 0;
UPDATE day SET (failed_quarantined, failed_rejected) = (
    SELECT coalesce(sum(CASE WHEN profile.disposition = 5 THEN traffic.messages ELSE 0 END), 0),
        coalesce(sum(CASE WHEN profile.disposition = 6 THEN traffic.messages ELSE 0 END), 0)
    FROM traffic JOIN profile ON profile.id = traffic.profile
    WHERE traffic.day = day.id AND profile.dmarc = 0);

-- What `db prune --keep-rollup` left of reports that are gone. Such a report stays with report.state 3, so that it is known
-- when it comes again; its arrival is 0 and its records are gone.
ALTER TABLE day ADD COLUMN archived_reports INTEGER NOT NULL DEFAULT 0; -- the part of such reports in this day
ALTER TABLE day ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE day ADD COLUMN archived_passed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE day ADD COLUMN archived_failed INTEGER NOT NULL DEFAULT 0;

-- All the traffic of a domain over all days, for domains where the same senders come day after day: a question over
-- everything would read each of them once a day. A shortcut and not a derived table: for which domains it is kept
-- depends on when it was looked (src/store/flow.c), what it says never does.
CREATE TABLE flow_domain (          -- the domains whose traffic is in flow
    domain INTEGER PRIMARY KEY REFERENCES name
) STRICT;
CREATE TABLE flow (
    domain INTEGER NOT NULL REFERENCES name,
    profile INTEGER NOT NULL REFERENCES profile,
    ip INTEGER NOT NULL REFERENCES ip,
    reporter INTEGER NOT NULL REFERENCES reporter,
    messages INTEGER NOT NULL,
    first_day INTEGER,              -- NULL: on no known day
    last_day INTEGER,
    PRIMARY KEY (domain, profile, ip, reporter)
) STRICT, WITHOUT ROWID;
CREATE INDEX flow_ip ON flow (ip);

-- Views: a promise to those who ask with SQL (docs/schema.md). Times are UTC; columns may be added behind the others.
CREATE VIEW v_reports AS
SELECT report.id AS report, domain.text AS domain, reporter.org AS reporter, author.org_name, author.email, report.report_id,
    report.begin, report.end, strftime('%Y-%m-%dT%H:%M:%SZ', report.begin, 'unixepoch') AS begin_utc,
    strftime('%Y-%m-%dT%H:%M:%SZ', report.end, 'unixepoch') AS end_utc,
    policy.p, policy.sp, policy.np, policy.adkim, policy.aspf, policy.pct, policy.fo, policy.testing, policy.discovery_method,
    report.records, report.messages, report.failed, report.failed_quarantined, report.failed_rejected,
    CASE report.state WHEN 1 THEN 'counted' WHEN 2 THEN 'conflict' ELSE 'pruned' END AS state,
    report.incomplete, report.repaired AS repairs
FROM report
JOIN name AS domain ON domain.id = report.domain
JOIN reporter ON reporter.id = report.reporter
JOIN author ON author.id = report.author
JOIN policy ON policy.id = report.policy;

CREATE VIEW v_records AS            -- of the reports that count
SELECT record.id AS record, report.id AS report, domain.text AS domain, reporter.org AS reporter, report.report_id,
    report.begin, report.end, strftime('%Y-%m-%dT%H:%M:%SZ', report.begin, 'unixepoch') AS begin_utc,
    strftime('%Y-%m-%dT%H:%M:%SZ', report.end, 'unixepoch') AS end_utc, ip.text AS source_ip, record.messages,
    disposition.text AS disposition, CASE profile.dmarc WHEN 1 THEN 'pass' WHEN 0 THEN 'fail' ELSE 'unknown' END AS dmarc,
    dkim.text AS dkim_aligned, spf.text AS spf_aligned, header_from.text AS header_from, envelope_from.text AS envelope_from,
    envelope_to.text AS envelope_to,
    (SELECT group_concat(coalesce(a.text, '') || coalesce('/' || b.text, '') || '=' || coalesce(result.text, 'unknown'), '; ')
        FROM json_each(profile.details) AS j JOIN detail ON detail.id = j.value AND detail.kind = 1
        LEFT JOIN name AS a ON a.id = detail.a LEFT JOIN name AS b ON b.id = detail.b
        LEFT JOIN name AS result ON result.id = detail.result) AS dkim_results,
    (SELECT group_concat(coalesce(a.text, '') || coalesce('/' || b.text, '') || '=' || coalesce(result.text, 'unknown'), '; ')
        FROM json_each(profile.details) AS j JOIN detail ON detail.id = j.value AND detail.kind = 2
        LEFT JOIN name AS a ON a.id = detail.a LEFT JOIN name AS b ON b.id = detail.b
        LEFT JOIN name AS result ON result.id = detail.result) AS spf_results,
    (SELECT group_concat(coalesce(a.text, '') || coalesce(' (' || c.text || ')', ''), '; ')
        FROM json_each(profile.details) AS j JOIN detail ON detail.id = j.value AND detail.kind = 0
        LEFT JOIN name AS a ON a.id = detail.a LEFT JOIN name AS c ON c.id = detail.c) AS reasons
FROM report
JOIN record ON record.id BETWEEN report.first_record AND report.first_record + report.records - 1
JOIN name AS domain ON domain.id = report.domain
JOIN reporter ON reporter.id = report.reporter
JOIN ip ON ip.id = record.ip
JOIN profile ON profile.id = record.profile
LEFT JOIN name AS disposition ON disposition.id = profile.disposition
LEFT JOIN name AS dkim ON dkim.id = profile.dkim
LEFT JOIN name AS spf ON spf.id = profile.spf
LEFT JOIN name AS header_from ON header_from.id = profile.header_from
LEFT JOIN name AS envelope_from ON envelope_from.id = profile.envelope_from
LEFT JOIN name AS envelope_to ON envelope_to.id = profile.envelope_to
WHERE report.state = 1;

CREATE VIEW v_daily AS              -- what one reporter says of one domain on one day; day NULL: of no known day
SELECT strftime('%Y-%m-%d', day.day * 86400, 'unixepoch') AS day, day.day * 86400 AS time, domain.text AS domain,
    reporter.org AS reporter, day.reports, day.messages, day.passed, day.failed,
    day.messages - day.passed - day.failed AS unknown, day.failed_quarantined, day.failed_rejected
FROM day
JOIN name AS domain ON domain.id = day.domain
JOIN reporter ON reporter.id = day.reporter;
