INSERT INTO profile (header_from, envelope_from, envelope_to, disposition, dkim, spf, dmarc, flags, details)
VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
