INSERT INTO source_row
SELECT scope.value, row.value ->> 0, row.value ->> 1, row.value ->> 2, row.value ->> 3, row.value ->> 4, row.value ->> 5,
    row.value ->> 6, row.value ->> 7, row.value ->> 8, row.value ->> 9, row.value ->> 10, row.value ->> 11, row.value ->> 12,
    row.value ->> 13, row.value ->> 14, row.value ->> 15
FROM json_each(:domains) AS scope
CROSS JOIN json_each(mail_sources(scope.value, :since, :until, :authentic, :class)) AS row
