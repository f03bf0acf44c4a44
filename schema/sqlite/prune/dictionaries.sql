-- What nothing refers to any more. The words whose number is part of the schema stay. What records refer to is in the traffic,
-- but for those of conflicts, and those of no messages. Where flow is kept, it has all of the traffic in far fewer rows.
CREATE TEMP TABLE IF NOT EXISTS beside (profile INTEGER, ip INTEGER);
DELETE FROM temp.beside;
INSERT INTO temp.beside (profile, ip)
SELECT profile, ip FROM record WHERE messages = 0
UNION ALL
SELECT record.profile, record.ip
FROM report
CROSS JOIN record ON record.id BETWEEN report.first_record AND report.first_record + report.records - 1
WHERE report.state = 2;
DELETE FROM profile WHERE id NOT IN (SELECT profile FROM flow)
    AND id NOT IN (SELECT traffic.profile FROM day CROSS JOIN traffic ON traffic.day = day.id
        WHERE day.domain NOT IN (SELECT domain FROM flow_domain))
    AND id NOT IN (SELECT profile FROM temp.beside);
DELETE FROM profile_hash WHERE profile NOT IN (SELECT id FROM profile);
DELETE FROM ip WHERE id NOT IN (SELECT ip FROM flow)
    AND id NOT IN (SELECT traffic.ip FROM day CROSS JOIN traffic ON traffic.day = day.id
        WHERE day.domain NOT IN (SELECT domain FROM flow_domain))
    AND id NOT IN (SELECT ip FROM temp.beside)
    AND id NOT IN (SELECT sending_ip FROM tls_failure WHERE sending_ip IS NOT NULL
        UNION SELECT receiving_ip FROM tls_failure WHERE receiving_ip IS NOT NULL);
DELETE FROM detail WHERE id NOT IN (SELECT j.value FROM profile, json_each(profile.details) AS j);
DELETE FROM policy WHERE id NOT IN (SELECT policy FROM report);
DELETE FROM author WHERE id NOT IN (SELECT author FROM report);
DELETE FROM reporter WHERE id NOT IN (SELECT reporter FROM report UNION SELECT reporter FROM day UNION SELECT reporter FROM tls_report);
DELETE FROM name WHERE id > 14 AND id NOT IN (
    SELECT domain FROM report UNION SELECT domain FROM day UNION SELECT domain FROM policy
    UNION SELECT header_from FROM profile WHERE header_from IS NOT NULL
    UNION SELECT envelope_from FROM profile WHERE envelope_from IS NOT NULL
    UNION SELECT envelope_to FROM profile WHERE envelope_to IS NOT NULL
    UNION SELECT disposition FROM profile UNION SELECT dkim FROM profile UNION SELECT spf FROM profile
    UNION SELECT a FROM detail WHERE a IS NOT NULL UNION SELECT b FROM detail WHERE b IS NOT NULL
    UNION SELECT result FROM detail WHERE result IS NOT NULL UNION SELECT c FROM detail WHERE c IS NOT NULL
    UNION SELECT lang FROM detail WHERE lang IS NOT NULL
    UNION SELECT domain FROM tls_report UNION SELECT org_name FROM tls_report WHERE org_name IS NOT NULL
    UNION SELECT contact FROM tls_report WHERE contact IS NOT NULL
    UNION SELECT domain FROM tls_policy UNION SELECT type FROM tls_policy WHERE type IS NOT NULL
    UNION SELECT strings FROM tls_policy WHERE strings IS NOT NULL
    UNION SELECT mx_hosts FROM tls_policy WHERE mx_hosts IS NOT NULL
    UNION SELECT result FROM tls_failure WHERE result IS NOT NULL UNION SELECT mx FROM tls_failure WHERE mx IS NOT NULL
    UNION SELECT helo FROM tls_failure WHERE helo IS NOT NULL UNION SELECT info FROM tls_failure WHERE info IS NOT NULL
    UNION SELECT reason FROM tls_failure WHERE reason IS NOT NULL);
