-- Where the old reports that are still here came from: ?1 is the day before which they are old.
DROP TABLE IF EXISTS temp.here;
CREATE TEMP TABLE here (arrival INTEGER, place TEXT);
CREATE INDEX temp.here_arrival ON here (arrival);
