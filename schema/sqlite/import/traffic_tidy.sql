DELETE FROM traffic WHERE day = ?1 AND messages = 0
