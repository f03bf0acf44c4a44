-- Per domain, reporter and outcome, the roll-up holds the messages of the reports that count, and of those that were pruned
-- and left their part there.
WITH
reported AS (
    SELECT r.domain, r.reporter, p.dmarc, sum(c.messages) AS messages
    FROM report AS r JOIN record AS c ON c.report = r.id JOIN profile AS p ON p.id = c.profile
    WHERE r.state = 1
    GROUP BY r.domain, r.reporter, p.dmarc
),
archived AS (
    SELECT d.domain, d.reporter, j.value AS dmarc, sum(CASE j.key WHEN 0 THEN d.archived_failed WHEN 1 THEN d.archived_passed
        ELSE d.archived - d.archived_passed - d.archived_failed END) AS messages
    FROM day AS d JOIN json_each('[0,1,null]') AS j
    WHERE d.archived_reports > 0
    GROUP BY d.domain, d.reporter, j.key
),
rolled AS (
    SELECT d.domain, d.reporter, p.dmarc, sum(t.messages) AS messages
    FROM day AS d JOIN traffic AS t ON t.day = d.id JOIN profile AS p ON p.id = t.profile
    GROUP BY d.domain, d.reporter, p.dmarc
),
both AS (
    SELECT domain, reporter, dmarc, messages, 0 AS rolled FROM reported
    UNION ALL
    SELECT domain, reporter, dmarc, messages, 0 FROM archived
    UNION ALL
    SELECT domain, reporter, dmarc, 0, messages FROM rolled
)
SELECT 'roll-up of ' || n.text || ' by ' || o.org || ', DMARC '
    || CASE dmarc WHEN 1 THEN 'pass' WHEN 0 THEN 'fail' ELSE 'unknown' END || ': ' || sum(both.rolled)
    || ' messages, the reports say ' || sum(both.messages)
FROM both JOIN name AS n ON n.id = both.domain JOIN reporter AS o ON o.id = both.reporter
GROUP BY both.domain, both.reporter, both.dmarc
HAVING sum(both.messages) <> sum(both.rolled)
LIMIT 100
