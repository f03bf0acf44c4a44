-- Flows that lost a day, until flow_settle.sql has looked at them.
CREATE TEMP TABLE flow_lost (
    domain INTEGER NOT NULL,
    profile INTEGER NOT NULL,
    ip INTEGER NOT NULL,
    reporter INTEGER NOT NULL,
    authentic INTEGER NOT NULL,
    PRIMARY KEY (domain, profile, ip, reporter, authentic)
) STRICT, WITHOUT ROWID
