-- Why a report has no records to show.
SELECT 'its records were pruned; what they said stays in the daily totals' FROM report WHERE id = :id AND state = 3
