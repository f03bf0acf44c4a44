-- How much there is in the window at all: parts of reports and messages.
SELECT count(*), coalesce(sum(messages), 0) FROM day
WHERE (:domain IS NULL OR domain = :domain) AND (:whole OR day BETWEEN :since AND :until)
