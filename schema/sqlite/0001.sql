-- Schema version 1. Facts first: they never change and migrate forward. Derived tables come back from the facts
-- by `dmarcq db rebuild`. Times are UTC seconds, days are days since 1970-01-01 UTC, counts are messages.

CREATE TABLE setting (              -- of this database
    name TEXT PRIMARY KEY,          -- 'seed' (of the hash columns), 'created', 'created_by', 'messages' (in the roll-up)
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Facts ---------------------------------------------------------------------------------------------------------

CREATE TABLE run (                  -- one import
    id INTEGER PRIMARY KEY,
    started INTEGER NOT NULL,
    finished INTEGER,               -- NULL: it was cut off, or still runs
    program TEXT NOT NULL,          -- version
    files INTEGER NOT NULL DEFAULT 0,
    mails INTEGER NOT NULL DEFAULT 0,
    reports INTEGER NOT NULL DEFAULT 0,
    duplicates INTEGER NOT NULL DEFAULT 0,
    conflicts INTEGER NOT NULL DEFAULT 0,
    incomplete INTEGER NOT NULL DEFAULT 0,
    repaired INTEGER NOT NULL DEFAULT 0,
    records INTEGER NOT NULL DEFAULT 0,
    messages INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE folder (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE file (                 -- a file or mail that was dealt with
    id INTEGER PRIMARY KEY,
    folder INTEGER NOT NULL REFERENCES folder,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime INTEGER NOT NULL,         -- milliseconds since 1970
    inode INTEGER NOT NULL,
    state INTEGER NOT NULL          -- 1: all that matters is kept, so it may be settled; 2: it has to stay;
                                    -- 3: it could not be read to its end and is read again when it comes again
) STRICT;
CREATE INDEX file_inode ON file (inode);

CREATE TABLE mail (                 -- a mail that carried an original
    id INTEGER PRIMARY KEY,
    file INTEGER NOT NULL REFERENCES file,
    place TEXT,                     -- 'message 3' in an mbox
    message_id TEXT,
    sender TEXT,                    -- From
    sent TEXT,                      -- Date
    subject TEXT
) STRICT;

CREATE TABLE original (             -- bytes as they arrived; those of a duplicate are kept once
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL,
    missing INTEGER NOT NULL,       -- bytes not kept: 0, size (--no-originals), or the rest of a rejected one above the limit
    deflated INTEGER NOT NULL       -- 1: the chunks are one zlib stream
) STRICT;

CREATE TABLE original_chunk (       -- id = original * 65536 + number of the chunk
    id INTEGER PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;

CREATE TABLE arrival (              -- an original arrived
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    after INTEGER NOT NULL,         -- seconds after its run started
    file INTEGER NOT NULL REFERENCES file,
    mail INTEGER REFERENCES mail,
    place TEXT,                     -- 'part 2: x.xml.gz'; NULL: the file itself
    original INTEGER NOT NULL REFERENCES original
) STRICT;

CREATE TABLE reject (               -- what could not be read
    id INTEGER PRIMARY KEY,
    arrival INTEGER NOT NULL REFERENCES arrival,
    at INTEGER NOT NULL,
    place TEXT,                     -- inside the original
    status TEXT NOT NULL,           -- 'bad' or 'limit'
    reason TEXT NOT NULL,
    retried INTEGER                 -- when a later try read it; NULL: open
) STRICT;
CREATE INDEX reject_arrival ON reject (arrival);

-- Derived -------------------------------------------------------------------------------------------------------

CREATE TABLE name (                 -- every domain, selector, verdict and remark, once
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;
-- Words whose number is part of the schema; the first ones of every database.
INSERT INTO name (id, text) VALUES
    (1, 'unknown'), (2, 'pass'), (3, 'fail'), (4, 'none'), (5, 'quarantine'), (6, 'reject'), (7, 'neutral'),
    (8, 'softfail'), (9, 'temperror'), (10, 'permerror'), (11, 'policy'), (12, 'mfrom'), (13, 'helo'), (14, '');

CREATE TABLE reporter (
    id INTEGER PRIMARY KEY,
    org TEXT NOT NULL UNIQUE        -- lower case
) STRICT;

CREATE TABLE author (               -- report_metadata that repeats from report to report
    id INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    org_name TEXT, email TEXT, contact TEXT, contact_lang TEXT, generator TEXT, version TEXT, namespace TEXT
) STRICT;
CREATE INDEX author_hash ON author (hash);

CREATE TABLE policy (               -- policy_published; NULL: missing
    id INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    domain INTEGER NOT NULL REFERENCES name,
    p TEXT, sp TEXT, np TEXT, adkim TEXT, aspf TEXT, pct TEXT, fo TEXT, testing TEXT, discovery_method TEXT
) STRICT;
CREATE INDEX policy_hash ON policy (hash);

CREATE TABLE ip (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE,      -- canonical (RFC 5952), or as it came when it is no address
    address BLOB                    -- 16 bytes, IPv4 mapped; NULL: no address
) STRICT;

CREATE TABLE detail (               -- one reason, DKIM result or SPF result
    id INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    kind INTEGER NOT NULL,          -- 0 reason, 1 DKIM, 2 SPF
    a INTEGER REFERENCES name,      -- reason: type; DKIM, SPF: domain
    b INTEGER REFERENCES name,      -- DKIM: selector; SPF: scope
    result INTEGER REFERENCES name, -- DKIM, SPF
    c INTEGER REFERENCES name,      -- reason: comment; DKIM, SPF: human_result
    lang INTEGER REFERENCES name    -- of c
) STRICT;
CREATE INDEX detail_hash ON detail (hash);

CREATE TABLE profile (              -- everything in a record but its address and count
    id INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    header_from INTEGER REFERENCES name,
    envelope_from INTEGER REFERENCES name, -- NULL: missing; '': null reverse-path
    envelope_to INTEGER REFERENCES name,
    disposition INTEGER NOT NULL REFERENCES name,
    dkim INTEGER NOT NULL REFERENCES name, -- aligned verdict: 2 pass, 3 fail, 1 unknown, or another word
    spf INTEGER NOT NULL REFERENCES name,
    dmarc INTEGER,                  -- 1: dkim or spf passes; 0: neither does; NULL: unknown
    details TEXT                    -- JSON array of detail ids in document order; NULL: none
) STRICT;
CREATE INDEX profile_hash ON profile (hash);

CREATE TABLE report (
    id INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,          -- of reporter, report_id and end; of a conflict, of its content too
    state INTEGER NOT NULL,         -- 1: counts; 2: conflict with the report that has the same key
    reporter INTEGER NOT NULL REFERENCES reporter,
    domain INTEGER NOT NULL REFERENCES name,
    report_id TEXT NOT NULL,        -- without <>, or derived from the content
    begin INTEGER,                  -- as reported; NULL: unknown
    end INTEGER,
    author INTEGER NOT NULL REFERENCES author,
    policy INTEGER NOT NULL REFERENCES policy,
    arrival INTEGER NOT NULL REFERENCES arrival,
    place TEXT,                     -- inside the original; NULL: all of it
    raw_report_id TEXT,             -- as it came, when that differs
    incomplete INTEGER NOT NULL,
    repaired INTEGER NOT NULL,      -- number of repair codes
    records INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    content INTEGER NOT NULL,       -- digest of what it says, 48 bits
    first_record INTEGER NOT NULL   -- its records are record.id first_record .. first_record + records - 1
) STRICT;
CREATE INDEX report_key ON report (domain, begin, hash);

CREATE TABLE report_repair (
    report INTEGER NOT NULL REFERENCES report,
    code TEXT NOT NULL,
    times INTEGER NOT NULL,
    first TEXT,                     -- place and value of the first one
    PRIMARY KEY (report, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE report_error (         -- <error> of the metadata
    report INTEGER NOT NULL REFERENCES report,
    n INTEGER NOT NULL,
    text TEXT NOT NULL,
    lang TEXT,
    PRIMARY KEY (report, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE repeat (               -- the same report arrived again
    id INTEGER PRIMARY KEY,
    report INTEGER NOT NULL REFERENCES report,
    arrival INTEGER NOT NULL REFERENCES arrival,
    place TEXT,
    kind TEXT NOT NULL              -- 'duplicate', 'cut' (a part of a report that is here whole), 'replaced' (this arrival replaced a cut one)
) STRICT;
CREATE INDEX repeat_report ON repeat (report);

CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    report INTEGER NOT NULL REFERENCES report,
    ip INTEGER NOT NULL REFERENCES ip,
    profile INTEGER NOT NULL REFERENCES profile,
    messages INTEGER NOT NULL
) STRICT;

-- The roll-up holds what reports of state 1 say, on days. A report of at most a day (and an hour) is put on the day of
-- the middle of its period, a longer one is spread over its days in proportion; day is NULL when it is unknown.
CREATE TABLE day (                  -- what one reporter says of one domain on one day
    id INTEGER PRIMARY KEY,
    domain INTEGER NOT NULL REFERENCES name,
    day INTEGER,
    reporter INTEGER NOT NULL REFERENCES reporter,
    reports INTEGER NOT NULL,       -- reports that have a part on this day
    messages INTEGER NOT NULL,
    passed INTEGER NOT NULL,        -- messages with DMARC pass
    failed INTEGER NOT NULL         -- messages with DMARC fail; the rest is unknown
) STRICT;
CREATE UNIQUE INDEX day_key ON day (domain, day, reporter);

CREATE TABLE traffic (
    day INTEGER NOT NULL REFERENCES day,
    profile INTEGER NOT NULL REFERENCES profile,
    ip INTEGER NOT NULL REFERENCES ip,
    messages INTEGER NOT NULL,
    PRIMARY KEY (day, profile, ip)
) STRICT, WITHOUT ROWID;
