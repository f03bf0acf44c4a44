-- The reports of the scope whose records were pruned; the rest is as in the export.
SELECT count(*), coalesce(sum(records), 0)
FROM report
WHERE state = 3 AND (NOT :authentic OR authentic = 1) AND domain IN (SELECT value FROM json_each(:domains))
    AND (:whole OR (first_day(begin, end) <= :until AND last_day(begin, end) >= :since))
