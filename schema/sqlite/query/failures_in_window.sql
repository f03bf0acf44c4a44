-- How much there is in the window at all.
SELECT count(*), 0 FROM failure
WHERE domain IN (SELECT value FROM json_each(:domains)) AND (NOT :authentic OR authentic = 1)
    AND (:whole OR coalesce(arrived, sent) BETWEEN :since * 86400 AND :until * 86400 + 86399)
