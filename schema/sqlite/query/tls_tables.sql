-- What the sections of `tls` share, gathered once per answer. Sums go through total(): a forged number must not overflow them.
DROP TABLE IF EXISTS temp.tls_asked;
CREATE TEMP TABLE tls_asked (       -- the policies in scope; NULL: unknown
    policy INTEGER PRIMARY KEY, report INTEGER NOT NULL, authentic INTEGER NOT NULL, reporter INTEGER NOT NULL, domain INTEGER NOT NULL,
    type INTEGER, strings INTEGER, first_day INTEGER, last_day INTEGER, ok INTEGER, failed INTEGER,
    details INTEGER NOT NULL,       -- number of failure details
    counted INTEGER NOT NULL,       -- of them, those with a number of sessions
    detailed INTEGER NOT NULL       -- what these add up to
) STRICT;
DROP TABLE IF EXISTS temp.tls_failed;
CREATE TEMP TABLE tls_failed (      -- the details, and of each policy what its details leave out (result and mx are NULL there)
    policy INTEGER NOT NULL, result TEXT, mx TEXT, sessions INTEGER
) STRICT;
