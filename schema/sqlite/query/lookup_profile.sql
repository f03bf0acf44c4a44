-- A profile's single names in the order of enum profile_field, and the ids of its details.
SELECT header_from, envelope_from, envelope_to, disposition, dkim, spf, details FROM profile WHERE id = ?1
