-- One detail: its kind, then the names in the order of struct detail.
SELECT kind, a, b, result, c, lang FROM detail WHERE id = ?1
