-- Which database this is.
SELECT
    (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'created'),
    (SELECT value FROM setting WHERE name = 'created_by'),
    (SELECT user_version FROM pragma_user_version)
