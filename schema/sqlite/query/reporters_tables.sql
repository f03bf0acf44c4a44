-- What the sections of `reporters` share, gathered once per answer.
DROP TABLE IF EXISTS temp.asked;
CREATE TEMP TABLE asked (           -- failing mail for which the policy that the reporter saw asks for more than none
    reporter INTEGER NOT NULL, domain INTEGER NOT NULL, profile INTEGER NOT NULL, messages INTEGER NOT NULL,
    let_through INTEGER NOT NULL    -- 1: nothing was done
) STRICT;
