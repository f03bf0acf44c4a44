-- One report beside its records: its columns in the export, then what its dictionaries are asked for.
SELECT report.report_id, report.begin, report.end, report.incomplete,
    CASE WHEN report.repaired > 0 THEN
        (SELECT group_concat(code, ' ') FROM (SELECT code FROM report_repair WHERE report = ?1 ORDER BY code)) END,
    sha256_text(original.sha256), report.id, report.domain, report.author, report.reporter, report.policy
FROM report
JOIN arrival ON arrival.id = report.arrival
JOIN original ON original.id = arrival.original
WHERE report.id = ?1
