-- Whether there is a source of that name at all.
SELECT (SELECT count(*) FROM why_profile) + (SELECT count(*) FROM why_ip)
