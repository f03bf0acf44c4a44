-- What the sections of `why` share, gathered once per answer.
DROP TABLE IF EXISTS temp.why_ip;
CREATE TEMP TABLE why_ip (          -- the addresses of the sender
    ip INTEGER PRIMARY KEY
) STRICT;
DROP TABLE IF EXISTS temp.why_profile;
CREATE TEMP TABLE why_profile (     -- the profiles that name it as their source
    profile INTEGER PRIMARY KEY
) STRICT;
DROP TABLE IF EXISTS temp.why_flow;
CREATE TEMP TABLE why_flow (        -- where flow says that the sender's traffic is
    domain INTEGER NOT NULL, reporter INTEGER NOT NULL, profile INTEGER NOT NULL, ip INTEGER NOT NULL, authentic INTEGER NOT NULL,
    messages INTEGER NOT NULL, first_day INTEGER, last_day INTEGER
) STRICT;
CREATE INDEX temp.why_flow_key ON why_flow (domain, reporter, first_day, last_day, profile, ip);
DROP TABLE IF EXISTS temp.why_traffic;
CREATE TEMP TABLE why_traffic (     -- its part of the roll-up; day: the day itself
    domain INTEGER NOT NULL, reporter INTEGER NOT NULL, day INTEGER, profile INTEGER NOT NULL, ip INTEGER NOT NULL,
    messages INTEGER NOT NULL
) STRICT;
DROP TABLE IF EXISTS temp.why_policy;
CREATE TEMP TABLE why_policy (      -- what reports say of adkim and aspf (1: strict), for domains of which they say several things
    domain INTEGER NOT NULL, reporter INTEGER NOT NULL, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL,
    adkim INTEGER NOT NULL, aspf INTEGER NOT NULL
) STRICT;
CREATE INDEX temp.why_policy_key ON why_policy (domain, reporter, first_day, adkim, aspf, last_day);
DROP TABLE IF EXISTS temp.story;
CREATE TEMP TABLE story (           -- the same traffic without days, with the modes of the policy
    domain INTEGER NOT NULL, reporter INTEGER NOT NULL, profile INTEGER NOT NULL, ip INTEGER NOT NULL, dmarc INTEGER,
    adkim INTEGER NOT NULL, aspf INTEGER NOT NULL, messages INTEGER NOT NULL, first_day INTEGER, last_day INTEGER
) STRICT;
DROP TABLE IF EXISTS temp.why_failure;
CREATE TEMP TABLE why_failure (     -- failure reports about its mail
    failure INTEGER PRIMARY KEY
) STRICT;
