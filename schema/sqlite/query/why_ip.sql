-- The addresses of the sender. A source can be a text that is no address; its name then is that text.
INSERT INTO why_ip
SELECT id FROM ip WHERE :kind = 'address' AND text = :sender
UNION ALL
SELECT id FROM ip WHERE :kind = 'network' AND address BETWEEN :low AND :high
UNION ALL
SELECT id FROM ip WHERE :kind = 'source' AND address IS NULL AND lower(text) = lower(:sender)
