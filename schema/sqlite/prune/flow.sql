-- Where more than a fifth of the days goes (those before ?2), flow is made again sooner than it is kept up; where few are left
-- (?1: the least that are worth it, as in flow_sample.sql), questions are answered quickly without.
DELETE FROM flow_domain WHERE
    5 * (SELECT count(*) FROM day WHERE day.domain = flow_domain.domain AND day.day < ?2)
        > (SELECT count(*) FROM day WHERE day.domain = flow_domain.domain)
    OR (SELECT count(*) FROM (SELECT 1 FROM day WHERE day.domain = flow_domain.domain LIMIT ?1)) < ?1
