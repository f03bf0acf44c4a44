SELECT profile.id FROM profile_hash CROSS JOIN profile ON profile.id = profile_hash.profile
WHERE profile_hash.hash = ?1 AND header_from IS ?2 AND envelope_from IS ?3 AND envelope_to IS ?4 AND disposition = ?5
    AND dkim = ?6 AND spf = ?7 AND details IS ?10
