-- Of the originals that go, those of which there is something to take away.
DELETE FROM temp.gone_original WHERE id IN (SELECT id FROM original WHERE missing >= size)
