-- Schema version 3: what the owner of the domains says of the senders, and mailboxes on servers.

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
