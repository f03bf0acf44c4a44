-- The roll-up of one such day, row by row.
SELECT profile, ip, messages FROM traffic WHERE day = ?1 ORDER BY profile, ip
