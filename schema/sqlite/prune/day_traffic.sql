DELETE FROM traffic WHERE day = ?1
