-- The profiles whose source is called so, or those that are authenticated for the tenant.
INSERT INTO why_profile
SELECT id FROM profile
WHERE :kind = 'source' AND lower(group_text(group_key(CASE WHEN :tenant THEN 'tenant' ELSE 'source' END, id, 0))) = lower(:sender)
