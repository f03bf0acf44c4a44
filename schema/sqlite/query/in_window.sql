-- How much there is in the window at all: parts of reports and messages.
SELECT count(*), coalesce(sum(messages), 0) FROM day
WHERE domain IN (SELECT value FROM json_each(:domains)) AND (:whole OR day BETWEEN :since AND :until) AND (NOT :authentic OR authentic = 1)
