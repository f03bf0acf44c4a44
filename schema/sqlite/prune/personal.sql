-- Takes out what is kept of people: personal_... are functions of src/store/prune_personal.c.
CREATE TEMP TABLE IF NOT EXISTS bare_original (id INTEGER PRIMARY KEY);
DELETE FROM temp.bare_original;
INSERT INTO temp.bare_original (id)
SELECT id FROM original WHERE personal = 2
UNION
SELECT original FROM arrival WHERE id IN (SELECT arrival FROM failure WHERE personal = 1);
DELETE FROM original_chunk WHERE id IN (
    SELECT chunk.id FROM temp.bare_original AS bare
    CROSS JOIN original_chunk AS chunk ON chunk.id >= bare.id * 65536 AND chunk.id < (bare.id + 1) * 65536);
UPDATE original SET missing = size, deflated = 0, personal = 1 WHERE id IN (SELECT id FROM temp.bare_original);
UPDATE mail SET subject = NULL, sender = personal_sender(sender) WHERE id IN (
    SELECT mail FROM arrival WHERE original IN (SELECT id FROM temp.bare_original));
UPDATE file SET name = personal_place(name) WHERE id IN (
    SELECT file FROM arrival WHERE original IN (SELECT id FROM temp.bare_original));
UPDATE arrival SET place = personal_place(place) WHERE original IN (SELECT id FROM temp.bare_original);
UPDATE reject SET place = personal_place(place) WHERE arrival IN (
    SELECT id FROM arrival WHERE original IN (SELECT id FROM temp.bare_original));
UPDATE failure_repeat SET place = personal_place(place) WHERE arrival IN (
    SELECT id FROM arrival WHERE original IN (SELECT id FROM temp.bare_original));
UPDATE report SET place = personal_place(place) WHERE arrival IN (
    SELECT id FROM arrival WHERE original IN (SELECT id FROM temp.bare_original));
UPDATE repeat SET place = personal_place(place) WHERE arrival IN (
    SELECT id FROM arrival WHERE original IN (SELECT id FROM temp.bare_original));
UPDATE tls_report SET place = personal_place(place) WHERE arrival IN (
    SELECT id FROM arrival WHERE original IN (SELECT id FROM temp.bare_original));
UPDATE tls_repeat SET place = personal_place(place) WHERE arrival IN (
    SELECT id FROM arrival WHERE original IN (SELECT id FROM temp.bare_original));
DELETE FROM failure_text WHERE list IN ('dkim-canonicalized-header', 'dkim-canonicalized-body');
UPDATE failure_text SET text = CASE list
        WHEN 'original-rcpt-to' THEN personal_address(text)
        WHEN 'reported-uri' THEN personal_uri(text)
        ELSE personal_text(text)
    END
WHERE failure IN (SELECT id FROM failure WHERE personal = 1);
UPDATE failure_result SET result = personal_text(result), reason = personal_text(reason), selector = personal_text(selector),
    identity = personal_address(identity)
WHERE failure IN (SELECT id FROM failure WHERE personal = 1);
UPDATE failure SET personal = 0, subject = NULL, place = personal_place(place), mail_from = personal_address(mail_from),
    sender = personal_address(sender), source_ip = personal_text(source_ip), type = personal_text(type),
    user_agent = personal_text(user_agent), version = personal_text(version), envelope_id = personal_text(envelope_id),
    reporting_mta = personal_text(reporting_mta), auth_failure = personal_text(auth_failure),
    delivery_result = personal_text(delivery_result), identity_alignment = personal_text(identity_alignment),
    dkim_domain = personal_text(dkim_domain), dkim_identity = personal_text(dkim_identity),
    dkim_selector = personal_text(dkim_selector), message_id = personal_text(message_id), reporter = personal_text(reporter)
WHERE personal = 1;
UPDATE failure_domain SET text = personal_text(text) WHERE text LIKE '%@%';
