-- Schema version 3: what the owner of the domains says of the senders, mailboxes on servers, and what a report's mail proves.

-- Decisions -----------------------------------------------------------------------------------------------------

-- What somebody decided about a source. A fact: one is only ever added, and the latest of a source and domain stands. Both
-- are named by their texts, so that a decision outlives the records and dictionaries that they came from.
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,         -- a later one is larger
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    kind TEXT NOT NULL,             -- what the source is: 'address', 'network', 'source' (its name)
    source TEXT NOT NULL,           -- as the questions show it
    domain TEXT,                    -- policy domain; NULL: all
    verdict TEXT NOT NULL,          -- 'ours', 'not-ours', 'forwarder', 'undecided'
    note TEXT NOT NULL,
    until INTEGER                   -- the last day on which it holds; NULL: it has no end
) STRICT;
CREATE TRIGGER decision_stays BEFORE UPDATE ON decision BEGIN
    SELECT raise(ABORT, 'a decision is never changed: a later one replaces it');
END;
CREATE TRIGGER decision_is_kept BEFORE DELETE ON decision BEGIN
    SELECT raise(ABORT, 'a decision is never deleted: a later one replaces it');
END;

CREATE VIEW v_decisions AS          -- a promise, as those of version 2
SELECT id AS decision, at AS time, strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch') AS time_utc, who, source, kind, domain, verdict,
    note, strftime('%Y-%m-%d', until * 86400, 'unixepoch') AS until,
    NOT EXISTS (SELECT 1 FROM decision AS later
        WHERE later.id > decision.id AND later.source = decision.source AND later.domain IS decision.domain) AS latest
FROM decision;

-- Mailboxes on servers --------------------------------------------------------------------------------------------

-- A mail on a server is a file with mtime 0. IMAP: folder 'imaps://user@host/INBOX;UIDVALIDITY=n', name ';UID=n', inode its UID.
-- POP3: folder 'pop3s://user@host', name its UIDL, inode a hash of that. file.state has two more values, 4: as 1, and something
-- in it was rejected (before version 3 that was 1 too); 5: something in it was rejected and not all its bytes are kept, so
-- what lies at the source is the only whole copy (before version 3 that was 2).
CREATE INDEX file_on_server ON file (folder, inode, state) WHERE mtime = 0;
ALTER TABLE run ADD COLUMN failed_sources INTEGER NOT NULL DEFAULT 0;  -- that broke off or could not be reached

-- Authenticity: what the mail that carried a report proves -----------------------------------------------------------

-- Facts (src/ingest/proof.h): what is known of a mail.
ALTER TABLE mail ADD COLUMN from_domain TEXT;   -- of From; NULL: none or several
ALTER TABLE mail ADD COLUMN checked_by TEXT;    -- the trusted servers that checked it, blanks between; NULL: none
ALTER TABLE mail ADD COLUMN results TEXT;       -- what they say: 'dmarc=pass:example.com spf=pass:b.example.com'

-- Derived (src/report/authentic.h): 0 unverified, 1 authenticated, 2 forged as it seems. It belongs to the key of a day, so that
-- questions can be asked of authenticated reports alone.
ALTER TABLE report ADD COLUMN authentic INTEGER NOT NULL DEFAULT 0;
ALTER TABLE day ADD COLUMN authentic INTEGER NOT NULL DEFAULT 0;
DROP INDEX day_key;
CREATE UNIQUE INDEX day_key ON day (domain, day, reporter, authentic);
CREATE TABLE flow_new (
    domain INTEGER NOT NULL REFERENCES name,
    profile INTEGER NOT NULL REFERENCES profile,
    ip INTEGER NOT NULL REFERENCES ip,
    reporter INTEGER NOT NULL REFERENCES reporter,
    authentic INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    first_day INTEGER,              -- NULL: on no known day
    last_day INTEGER,
    PRIMARY KEY (domain, profile, ip, reporter, authentic)
) STRICT, WITHOUT ROWID;
INSERT INTO flow_new (domain, profile, ip, reporter, authentic, messages, first_day, last_day)
SELECT domain, profile, ip, reporter, 0, messages, first_day, last_day FROM flow ORDER BY domain, profile, ip, reporter;
DROP TABLE flow;
ALTER TABLE flow_new RENAME TO flow;
CREATE INDEX flow_ip ON flow (ip);

DROP VIEW v_reports;
CREATE VIEW v_reports AS
SELECT report.id AS report, domain.text AS domain, reporter.org AS reporter, author.org_name, author.email, report.report_id,
    report.begin, report.end, strftime('%Y-%m-%dT%H:%M:%SZ', report.begin, 'unixepoch') AS begin_utc,
    strftime('%Y-%m-%dT%H:%M:%SZ', report.end, 'unixepoch') AS end_utc,
    policy.p, policy.sp, policy.np, policy.adkim, policy.aspf, policy.pct, policy.fo, policy.testing, policy.discovery_method,
    report.records, report.messages, report.failed, report.failed_quarantined, report.failed_rejected,
    CASE report.state WHEN 1 THEN 'counted' WHEN 2 THEN 'conflict' ELSE 'pruned' END AS state,
    report.incomplete, report.repaired AS repairs,
    CASE report.authentic WHEN 1 THEN 'authenticated' WHEN 2 THEN 'forged?' ELSE 'unverified' END AS authenticity
FROM report
JOIN name AS domain ON domain.id = report.domain
JOIN reporter ON reporter.id = report.reporter
JOIN author ON author.id = report.author
JOIN policy ON policy.id = report.policy;
DROP VIEW v_daily;
CREATE VIEW v_daily AS              -- what one reporter says of one domain on one day; day NULL: of no known day
SELECT strftime('%Y-%m-%d', day.day * 86400, 'unixepoch') AS day, day.day * 86400 AS time, domain.text AS domain,
    reporter.org AS reporter, day.reports, day.messages, day.passed, day.failed,
    day.messages - day.passed - day.failed AS unknown, day.failed_quarantined, day.failed_rejected,
    CASE day.authentic WHEN 1 THEN 'authenticated' WHEN 2 THEN 'forged?' ELSE 'unverified' END AS authenticity
FROM day
JOIN name AS domain ON domain.id = day.domain
JOIN reporter ON reporter.id = day.reporter;

-- Where something came from, in words.
CREATE VIEW arrival_told AS
SELECT arrival.id, (SELECT run.started FROM run WHERE run.id = arrival.run) + arrival.after AS at,
    CASE WHEN folder.path = '-' THEN 'standard input' ELSE rtrim(folder.path, '/') || '/' || file.name END ||
        coalesce(': ' || mail.place, '') || coalesce(': ' || arrival.place, '') AS place,
    mail.sender, mail.sent, mail.subject, mail.message_id, original.sha256
FROM arrival
JOIN file ON file.id = arrival.file
JOIN folder ON folder.id = file.folder
JOIN original ON original.id = arrival.original
LEFT JOIN mail ON mail.id = arrival.mail;

-- Mail that is no report ------------------------------------------------------------------------------------------------

ALTER TABLE run ADD COLUMN bounces INTEGER NOT NULL DEFAULT 0;  -- parts of skipped
ALTER TABLE run ADD COLUMN replies INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN abuse INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN others INTEGER NOT NULL DEFAULT 0;
CREATE TABLE lost (                 -- a fact: somebody mailed that a report was too large to be sent (RFC 7489 s. 7.2.2)
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    after INTEGER NOT NULL,         -- seconds after its run started
    mail INTEGER NOT NULL REFERENCES mail,
    domain TEXT NOT NULL,           -- the report's policy domain
    submitter TEXT,                 -- who has the report
    report_id TEXT,
    date TEXT,                      -- as it came
    uri TEXT,                       -- that it could not be sent to
    size INTEGER                    -- bytes
) STRICT;
CREATE INDEX lost_domain ON lost (domain, report_id);

-- SMTP TLS reports (RFC 8460) -----------------------------------------------------------------------------------
-- Derived like the reports. A number of sessions that is NULL is unknown.
ALTER TABLE run ADD COLUMN tls_reports INTEGER NOT NULL DEFAULT 0;

CREATE TABLE tls_report (
    id INTEGER PRIMARY KEY,         -- shown as T12
    hash INTEGER NOT NULL,          -- of reporter, report_id and end; of a conflict, of its content too
    state INTEGER NOT NULL,         -- 1: counts; 2: conflict with the report that has the same key
    reporter INTEGER NOT NULL REFERENCES reporter,
    domain INTEGER NOT NULL REFERENCES name, -- of the first policy that names one; '': none does
    report_id TEXT NOT NULL,        -- without <>, or derived from the content
    begin INTEGER,                  -- as reported; NULL: unknown
    end INTEGER,
    first_day INTEGER,              -- the days of the period, as reports are put on days; NULL: unknown
    last_day INTEGER,
    org_name INTEGER REFERENCES name, -- NULL: missing
    contact INTEGER REFERENCES name,
    arrival INTEGER NOT NULL REFERENCES arrival,
    place TEXT,                     -- inside the original; NULL: all of it
    raw_report_id TEXT,             -- as it came, when that differs
    repaired INTEGER NOT NULL,      -- number of repair codes
    policies INTEGER NOT NULL,
    content INTEGER NOT NULL,       -- digest of what it says, 48 bits
    authentic INTEGER NOT NULL      -- as report.authentic
) STRICT;
CREATE INDEX tls_report_key ON tls_report (domain, begin, hash);

CREATE TABLE tls_policy (           -- one of the policies of a report, with its summary
    id INTEGER PRIMARY KEY,
    report INTEGER NOT NULL REFERENCES tls_report,
    type INTEGER REFERENCES name,   -- sts, tlsa, no-policy-found, or as it came
    domain INTEGER NOT NULL REFERENCES name, -- '': none
    strings INTEGER REFERENCES name, -- JSON array: the policy as the sender saw it
    mx_hosts INTEGER REFERENCES name, -- JSON array: its patterns of hosts
    ok INTEGER,                     -- sessions
    failed INTEGER                  -- sessions; what the failures add up to may differ
) STRICT;
CREATE INDEX tls_policy_report ON tls_policy (report);
CREATE INDEX tls_policy_domain ON tls_policy (domain);

CREATE TABLE tls_failure (          -- one of the failure details of a policy
    id INTEGER PRIMARY KEY,
    policy INTEGER NOT NULL REFERENCES tls_policy,
    result INTEGER REFERENCES name, -- NULL: missing
    sending_ip INTEGER REFERENCES ip,
    mx INTEGER REFERENCES name,
    helo INTEGER REFERENCES name,
    receiving_ip INTEGER REFERENCES ip,
    sessions INTEGER,
    info INTEGER REFERENCES name,
    reason INTEGER REFERENCES name
) STRICT;
CREATE INDEX tls_failure_policy ON tls_failure (policy);

CREATE TABLE tls_repair (           -- as report_repair
    report INTEGER NOT NULL REFERENCES tls_report,
    code TEXT NOT NULL,
    times INTEGER NOT NULL,
    first TEXT,                     -- place and value of the first one
    PRIMARY KEY (report, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE tls_repeat (           -- the same report arrived again
    id INTEGER PRIMARY KEY,
    report INTEGER NOT NULL REFERENCES tls_report,
    arrival INTEGER NOT NULL REFERENCES arrival,
    place TEXT
) STRICT;
CREATE INDEX tls_repeat_report ON tls_repeat (report);

-- Failure reports (docs/failure-reports.md) -------------------------------------------------------------------------
-- Facts, because their originals are not kept unless it is asked for: personal data. One whose original is kept is written
-- again by `dmarcq db rebuild`, under its id. They name nothing in the dictionaries, which are derived.

ALTER TABLE run ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;  -- failure reports
ALTER TABLE run ADD COLUMN feedback INTEGER NOT NULL DEFAULT 0;  -- reports of abuse and the like in the same format
ALTER TABLE original ADD COLUMN personal INTEGER NOT NULL DEFAULT 0; -- 1: a failure report is in it; 2: and it was kept as it came

CREATE TABLE failure_domain (       -- the domains that failure reports are about
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE       -- '': unknown
) STRICT;

CREATE TABLE failure (
    id INTEGER PRIMARY KEY,
    key INTEGER NOT NULL,           -- digest of what it says, under the key of the setting 'personal-key'
    personal INTEGER NOT NULL,      -- 1: local parts stand as they came; 0: hashed, and there is no subject
    arrival INTEGER NOT NULL REFERENCES arrival,
    place TEXT,                     -- inside the original; NULL: all of it
    domain INTEGER NOT NULL REFERENCES failure_domain,
    form TEXT NOT NULL,             -- 'arf', 'inline', 'words'
    arrived INTEGER,                -- Arrival-Date of the reported message; NULL: not told
    sent INTEGER,                   -- Date of the mail that brought the report
    source_ip TEXT,                 -- canonical, or as it came
    address BLOB,                   -- 16 bytes, IPv4 mapped; NULL: no address
    source_port INTEGER,
    incidents INTEGER NOT NULL,
    has_message INTEGER NOT NULL,   -- 1: the message or its header came along
    header_from TEXT,               -- domain of its From
    type TEXT NOT NULL,             -- 'auth-failure', 'abuse'...
    user_agent TEXT, version TEXT, mail_from TEXT, envelope_id TEXT, reporting_mta TEXT, auth_failure TEXT, delivery_result TEXT,
    identity_alignment TEXT,        -- as it came: RFC 7489 and RFC 9991 mean the opposite by it
    dkim_domain TEXT, dkim_identity TEXT, dkim_selector TEXT,
    sender TEXT,                    -- From of the reported message
    message_id TEXT, subject TEXT,  -- of the reported message
    reporter TEXT,                  -- domain of who sent the report, else Reporting-MTA
    authentic INTEGER NOT NULL      -- as report.authentic
) STRICT;
CREATE INDEX failure_key ON failure (key);
CREATE INDEX failure_arrival ON failure (arrival);
CREATE INDEX failure_address ON failure (address);

CREATE TABLE failure_text (         -- fields that may stand several times, or seldom stand
    failure INTEGER NOT NULL REFERENCES failure,
    n INTEGER NOT NULL,
    list TEXT NOT NULL,             -- name of the field in lower case
    text TEXT NOT NULL,
    PRIMARY KEY (failure, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE failure_result (       -- Authentication-Results, taken apart
    failure INTEGER NOT NULL REFERENCES failure,
    n INTEGER NOT NULL,
    of_message INTEGER NOT NULL,    -- 1: of the reported message's own field
    method TEXT NOT NULL, result TEXT NOT NULL, reason TEXT,
    domain TEXT, selector TEXT, identity TEXT,
    PRIMARY KEY (failure, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE failure_repeat (       -- the same report arrived again
    id INTEGER PRIMARY KEY,
    failure INTEGER NOT NULL REFERENCES failure,
    arrival INTEGER NOT NULL REFERENCES arrival,
    place TEXT
) STRICT;
CREATE INDEX failure_repeat_failure ON failure_repeat (failure);
CREATE INDEX failure_repeat_arrival ON failure_repeat (arrival);
