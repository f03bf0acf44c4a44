-- A conflict counts nowhere, so nothing of it is kept.
DELETE FROM report WHERE id IN (SELECT id FROM temp.gone_report) AND state = 2;
UPDATE report SET state = 3, arrival = 0, place = NULL WHERE id IN (SELECT id FROM temp.gone_report) AND state = 1;
