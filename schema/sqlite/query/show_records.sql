-- The records; the last three columns are profile * 4 + enum detail_kind (src/query/query.h).
SELECT ip.text, record.messages, disposition.text, dkim.text, spf.text, hf.text, ef.text, et.text,
    profile.id * 4 + 1, profile.id * 4 + 2, profile.id * 4
FROM report
JOIN record ON record.id BETWEEN report.first_record AND report.first_record + report.records - 1
JOIN ip ON ip.id = record.ip
JOIN profile ON profile.id = record.profile
LEFT JOIN name AS disposition ON disposition.id = profile.disposition
LEFT JOIN name AS dkim ON dkim.id = profile.dkim
LEFT JOIN name AS spf ON spf.id = profile.spf
LEFT JOIN name AS hf ON hf.id = profile.header_from
LEFT JOIN name AS ef ON ef.id = profile.envelope_from
LEFT JOIN name AS et ON et.id = profile.envelope_to
WHERE report.id = :id AND report.state <> 3
ORDER BY record.id
