-- The profiles whose source is called so.
INSERT INTO why_profile
SELECT id FROM profile WHERE :kind = 'source' AND lower(group_text(group_key('source', id, 0))) = lower(:sender)
