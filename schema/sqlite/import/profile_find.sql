SELECT id FROM profile
WHERE hash = ?1 AND header_from IS ?2 AND envelope_from IS ?3 AND envelope_to IS ?4 AND disposition = ?5 AND dkim = ?6
    AND spf = ?7 AND details IS ?9
