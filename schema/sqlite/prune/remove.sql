DELETE FROM report WHERE id IN (SELECT id FROM temp.gone_report);
