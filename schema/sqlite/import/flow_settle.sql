-- The first and last day of the flows that lost one; a flow of which no traffic is left goes. The days that the domain has are
-- asked for one by one from where they were: the next one is seldom far, and all reporters but one are passed over so.
UPDATE flow SET
    first_day = (
        WITH RECURSIVE step(day) AS (
            SELECT flow.first_day
            UNION ALL
            SELECT (SELECT min(day.day) FROM day WHERE day.domain = flow.domain AND day.day > step.day) FROM step
            WHERE step.day < flow.last_day)
        SELECT step.day FROM step
        CROSS JOIN day ON day.domain = flow.domain AND day.day = step.day AND day.reporter = flow.reporter
            AND day.authentic = flow.authentic
        CROSS JOIN traffic ON traffic.day = day.id AND traffic.profile = flow.profile AND traffic.ip = flow.ip
        LIMIT 1),
    last_day = (
        WITH RECURSIVE step(day) AS (
            SELECT flow.last_day
            UNION ALL
            SELECT (SELECT max(day.day) FROM day WHERE day.domain = flow.domain AND day.day < step.day) FROM step
            WHERE step.day > flow.first_day)
        SELECT step.day FROM step
        CROSS JOIN day ON day.domain = flow.domain AND day.day = step.day AND day.reporter = flow.reporter
            AND day.authentic = flow.authentic
        CROSS JOIN traffic ON traffic.day = day.id AND traffic.profile = flow.profile AND traffic.ip = flow.ip
        LIMIT 1)
WHERE (domain, profile, ip, reporter, authentic) IN (SELECT domain, profile, ip, reporter, authentic FROM temp.flow_lost);
DELETE FROM flow
WHERE (domain, profile, ip, reporter, authentic) IN (SELECT domain, profile, ip, reporter, authentic FROM temp.flow_lost)
    AND first_day IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM day
        CROSS JOIN traffic ON traffic.day = day.id AND traffic.profile = flow.profile AND traffic.ip = flow.ip
        WHERE day.domain = flow.domain AND day.day IS NULL AND day.reporter = flow.reporter AND day.authentic = flow.authentic);
DELETE FROM temp.flow_lost;
