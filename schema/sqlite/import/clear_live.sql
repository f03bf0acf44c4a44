DELETE FROM record;
DELETE FROM repeat;
DELETE FROM report_error;
DELETE FROM report_repair;
DELETE FROM report WHERE state <> 3;
