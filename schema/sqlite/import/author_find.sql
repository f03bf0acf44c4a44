SELECT id FROM author
WHERE hash = ?1 AND org_name IS ?2 AND email IS ?3 AND contact IS ?4 AND contact_lang IS ?5 AND generator IS ?6
    AND version IS ?7 AND namespace IS ?8
