-- Who sends as the domains in scope, a row for each source of each domain (src/query/source_rows.c).
DROP TABLE IF EXISTS temp.source_row;
CREATE TEMP TABLE source_row (
    domain INTEGER NOT NULL, source TEXT, class TEXT NOT NULL, also TEXT, messages INTEGER NOT NULL, passing INTEGER NOT NULL,
    recent INTEGER NOT NULL, trend TEXT, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL, decision TEXT,
    addresses INTEGER NOT NULL, evidence TEXT, fix TEXT,
    spoofed INTEGER NOT NULL,       -- 1: all of it is, and nobody decided anything
    notable INTEGER NOT NULL,       -- 1: the evidence is of mail that somebody should look at
    more INTEGER NOT NULL           -- 1: there are more addresses than that
) STRICT;
