-- What is known of the mail that an arrival came in.
SELECT mail.from_domain, mail.checked_by, mail.results
FROM arrival JOIN mail ON mail.id = arrival.mail
WHERE arrival.id = ?1
