-- Since when there is nothing of each domain any more, gathered once per answer.
DROP TABLE IF EXISTS temp.silence;
CREATE TEMP TABLE silence (
    domain INTEGER PRIMARY KEY,
    last_day INTEGER NOT NULL,      -- with a report, up to the newest day of the database or of the window
    silent_days INTEGER NOT NULL,   -- from it to there
    usual INTEGER                   -- twice the days that nine of ten of its reports come after the one before; NULL: too few to tell
) STRICT;
