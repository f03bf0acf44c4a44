-- A failure report was in the arrival that is open, which is the next one: the names of what else was in it may tell of people too.
UPDATE report SET place = personal_place(place) WHERE arrival = (SELECT coalesce(max(id), 0) + 1 FROM arrival);
UPDATE repeat SET place = personal_place(place) WHERE arrival = (SELECT coalesce(max(id), 0) + 1 FROM arrival);
UPDATE tls_report SET place = personal_place(place) WHERE arrival = (SELECT coalesce(max(id), 0) + 1 FROM arrival);
UPDATE tls_repeat SET place = personal_place(place) WHERE arrival = (SELECT coalesce(max(id), 0) + 1 FROM arrival);
UPDATE reject SET place = personal_place(place) WHERE arrival = (SELECT coalesce(max(id), 0) + 1 FROM arrival);
