INSERT INTO profile (hash, header_from, envelope_from, envelope_to, disposition, dkim, spf, dmarc, details)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
