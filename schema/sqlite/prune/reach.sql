-- What nothing but the reports and rejects that go refers to. A reject that was read later holds nothing back; an open one does.
INSERT OR IGNORE INTO temp.gone_arrival (id)
SELECT arrival FROM report WHERE id IN (SELECT id FROM temp.gone_report) AND state <> 3;
INSERT OR IGNORE INTO temp.gone_arrival (id)
SELECT arrival FROM repeat WHERE report IN (SELECT id FROM temp.gone_report);
INSERT OR IGNORE INTO temp.gone_arrival (id)
SELECT arrival FROM tls_report WHERE id IN (SELECT id FROM temp.gone_tls)
UNION SELECT arrival FROM tls_repeat WHERE report IN (SELECT id FROM temp.gone_tls);
INSERT OR IGNORE INTO temp.gone_arrival (id)
SELECT arrival FROM reject WHERE id IN (SELECT id FROM temp.gone_reject);
INSERT OR IGNORE INTO temp.gone_arrival (id)
SELECT arrival FROM failure WHERE id IN (SELECT id FROM temp.gone_failure);
INSERT OR IGNORE INTO temp.gone_arrival (id)
SELECT arrival FROM failure_repeat WHERE failure IN (SELECT id FROM temp.gone_failure);
DELETE FROM temp.gone_arrival WHERE id IN (
    SELECT arrival FROM failure
    WHERE arrival IN (SELECT id FROM temp.gone_arrival) AND id NOT IN (SELECT id FROM temp.gone_failure));
DELETE FROM temp.gone_arrival WHERE id IN (
    SELECT arrival FROM failure_repeat
    WHERE arrival IN (SELECT id FROM temp.gone_arrival) AND failure NOT IN (SELECT id FROM temp.gone_failure));
DELETE FROM temp.gone_arrival WHERE id IN (
    SELECT arrival FROM report
    WHERE arrival IN (SELECT id FROM temp.gone_arrival) AND id NOT IN (SELECT id FROM temp.gone_report));
DELETE FROM temp.gone_arrival WHERE id IN (
    SELECT arrival FROM repeat
    WHERE arrival IN (SELECT id FROM temp.gone_arrival) AND report NOT IN (SELECT id FROM temp.gone_report));
DELETE FROM temp.gone_arrival WHERE id IN (
    SELECT arrival FROM tls_report
    WHERE arrival IN (SELECT id FROM temp.gone_arrival) AND id NOT IN (SELECT id FROM temp.gone_tls)
    UNION SELECT arrival FROM tls_repeat
    WHERE arrival IN (SELECT id FROM temp.gone_arrival) AND report NOT IN (SELECT id FROM temp.gone_tls));
DELETE FROM temp.gone_arrival WHERE id IN (
    SELECT arrival FROM reject WHERE arrival IN (SELECT id FROM temp.gone_arrival) AND retried IS NULL);
INSERT OR IGNORE INTO temp.gone_reject (id)
SELECT id FROM reject WHERE arrival IN (SELECT id FROM temp.gone_arrival);
INSERT OR IGNORE INTO temp.gone_mail (id)
SELECT mail FROM arrival WHERE id IN (SELECT id FROM temp.gone_arrival) AND mail IS NOT NULL;
DELETE FROM temp.gone_mail WHERE id IN (
    SELECT mail FROM arrival
    WHERE mail IN (SELECT id FROM temp.gone_mail) AND id NOT IN (SELECT id FROM temp.gone_arrival)
    UNION SELECT mail FROM lost);
INSERT OR IGNORE INTO temp.gone_original (id)
SELECT original FROM arrival WHERE id IN (SELECT id FROM temp.gone_arrival);
DELETE FROM temp.gone_original WHERE id IN (
    SELECT original FROM arrival
    WHERE original IN (SELECT id FROM temp.gone_original) AND id NOT IN (SELECT id FROM temp.gone_arrival));
