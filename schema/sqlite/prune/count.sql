-- How much goes: of reports that count, and how many that are in conflict with one; ?1: 1 when reports of state 3 go too.
SELECT (SELECT count(*) FROM temp.gone_report AS gone CROSS JOIN report USING (id) WHERE state = 1 OR (state = 3 AND ?1)),
    (SELECT coalesce(sum(records), 0) FROM temp.gone_report AS gone CROSS JOIN report USING (id) WHERE state = 1),
    (SELECT coalesce(sum(messages), 0) FROM temp.gone_report AS gone CROSS JOIN report USING (id)
        WHERE state = 1 OR (state = 3 AND ?1)),
    (SELECT count(*) FROM temp.gone_reject),
    (SELECT count(*) FROM temp.gone_original AS gone CROSS JOIN original USING (id) WHERE size > missing),
    (SELECT coalesce(sum(length(chunk.data)), 0) FROM temp.gone_original AS gone
        CROSS JOIN original_chunk AS chunk ON chunk.id >= gone.id * 65536 AND chunk.id < (gone.id + 1) * 65536),
    (SELECT count(*) FROM temp.gone_tls),
    (SELECT count(*) FROM temp.gone_failure),
    (SELECT count(*) FROM temp.gone_report AS gone CROSS JOIN report USING (id) WHERE state = 2)
