-- How much mail of a sender passed DMARC in the window. The traffic is read as it lies: looked up by each profile that passes, on each
-- day, it took minutes.
SELECT coalesce(sum(traffic.messages), 0)
FROM day
CROSS JOIN traffic ON traffic.day = day.id
WHERE day.domain IN (SELECT value FROM json_each(:domains)) AND day.day BETWEEN :since AND :until
    AND CASE
        WHEN :kind = 'address' THEN traffic.ip IN (SELECT id FROM ip WHERE text = :sender)
        WHEN :kind = 'network' THEN traffic.ip IN (SELECT id FROM ip WHERE address BETWEEN :low AND :high)
        ELSE traffic.profile IN (
            SELECT id FROM profile
            WHERE dmarc = 1 AND lower(group_text(group_key(CASE WHEN :tenant THEN 'tenant' ELSE 'source' END, id, 0))) = lower(:sender))
    END
    AND +traffic.profile IN (SELECT id FROM profile WHERE dmarc = 1)
