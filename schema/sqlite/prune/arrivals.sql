-- Takes away what reach.sql found, and what hangs on the reports that go.
DELETE FROM original_chunk WHERE id IN (
    SELECT chunk.id FROM temp.gone_original AS gone
    CROSS JOIN original_chunk AS chunk ON chunk.id >= gone.id * 65536 AND chunk.id < (gone.id + 1) * 65536);
DELETE FROM original WHERE id IN (SELECT id FROM temp.gone_original);
DELETE FROM mail WHERE id IN (SELECT id FROM temp.gone_mail);
DELETE FROM reject WHERE id IN (SELECT id FROM temp.gone_reject);
DELETE FROM arrival WHERE id IN (SELECT id FROM temp.gone_arrival);
DELETE FROM repeat WHERE report IN (SELECT id FROM temp.gone_report);
DELETE FROM report_repair WHERE report IN (SELECT id FROM temp.gone_report);
DELETE FROM report_error WHERE report IN (SELECT id FROM temp.gone_report);
DELETE FROM tls_failure WHERE policy IN (SELECT id FROM tls_policy WHERE report IN (SELECT id FROM temp.gone_tls));
DELETE FROM tls_policy WHERE report IN (SELECT id FROM temp.gone_tls);
DELETE FROM tls_repair WHERE report IN (SELECT id FROM temp.gone_tls);
DELETE FROM tls_repeat WHERE report IN (SELECT id FROM temp.gone_tls);
DELETE FROM tls_report WHERE id IN (SELECT id FROM temp.gone_tls);
DELETE FROM failure_text WHERE failure IN (SELECT id FROM temp.gone_failure);
DELETE FROM failure_result WHERE failure IN (SELECT id FROM temp.gone_failure);
DELETE FROM failure_repeat WHERE failure IN (SELECT id FROM temp.gone_failure);
DELETE FROM failure WHERE id IN (SELECT id FROM temp.gone_failure);
DELETE FROM failure_domain WHERE EXISTS (SELECT 1 FROM temp.gone_failure) AND id NOT IN (SELECT domain FROM failure);
