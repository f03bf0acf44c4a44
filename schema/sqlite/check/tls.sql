-- A TLS report holds as many policies as it says, one of a key counts, and everything that is referred to is there.
SELECT 'TLS report T' || r.id || ': it says ' || r.policies || ' policies, there are ' || count(p.id)
FROM tls_report AS r LEFT JOIN tls_policy AS p ON p.report = r.id
GROUP BY r.id
HAVING count(p.id) <> r.policies
UNION ALL
SELECT 'TLS report T' || r.id || ': its arrival, reporter or domain is missing'
FROM tls_report AS r
WHERE NOT EXISTS (SELECT 1 FROM arrival WHERE id = r.arrival) OR NOT EXISTS (SELECT 1 FROM reporter WHERE id = r.reporter)
    OR NOT EXISTS (SELECT 1 FROM name WHERE id = r.domain)
    OR (r.org_name IS NOT NULL AND NOT EXISTS (SELECT 1 FROM name WHERE id = r.org_name))
    OR (r.contact IS NOT NULL AND NOT EXISTS (SELECT 1 FROM name WHERE id = r.contact))
UNION ALL
SELECT 'TLS policy ' || p.id || ': its report or a text is missing'
FROM tls_policy AS p
WHERE NOT EXISTS (SELECT 1 FROM tls_report WHERE id = p.report) OR NOT EXISTS (SELECT 1 FROM name WHERE id = p.domain)
    OR EXISTS (SELECT 1 FROM json_each(json_array(p.type, p.strings, p.mx_hosts)) AS j
        WHERE j.value IS NOT NULL AND NOT EXISTS (SELECT 1 FROM name WHERE id = j.value))
UNION ALL
SELECT 'TLS failure ' || f.id || ': its policy, an address or a text is missing'
FROM tls_failure AS f
WHERE NOT EXISTS (SELECT 1 FROM tls_policy WHERE id = f.policy)
    OR EXISTS (SELECT 1 FROM json_each(json_array(f.result, f.mx, f.helo, f.info, f.reason)) AS j
        WHERE j.value IS NOT NULL AND NOT EXISTS (SELECT 1 FROM name WHERE id = j.value))
    OR EXISTS (SELECT 1 FROM json_each(json_array(f.sending_ip, f.receiving_ip)) AS j
        WHERE j.value IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ip WHERE id = j.value))
UNION ALL
SELECT 'TLS repetition ' || e.id || ': its report or arrival is missing'
FROM tls_repeat AS e
WHERE NOT EXISTS (SELECT 1 FROM tls_report WHERE id = e.report) OR NOT EXISTS (SELECT 1 FROM arrival WHERE id = e.arrival)
UNION ALL
SELECT 'TLS reports ' || group_concat('T' || id, ', ') || ': the same report counts ' || count(*) || ' times'
FROM tls_report
WHERE state = 1
GROUP BY reporter, report_id, domain, begin, end
HAVING count(*) > 1
LIMIT 100
