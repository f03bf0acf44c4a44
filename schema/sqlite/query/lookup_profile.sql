-- A profile's single texts, in the order of enum profile_field, and the ids of its details.
SELECT hf.text, ef.text, et.text, disposition.text, dkim.text, spf.text, profile.details
FROM profile
LEFT JOIN name AS hf ON hf.id = profile.header_from
LEFT JOIN name AS ef ON ef.id = profile.envelope_from
LEFT JOIN name AS et ON et.id = profile.envelope_to
LEFT JOIN name AS disposition ON disposition.id = profile.disposition
LEFT JOIN name AS dkim ON dkim.id = profile.dkim
LEFT JOIN name AS spf ON spf.id = profile.spf
WHERE profile.id = ?1
