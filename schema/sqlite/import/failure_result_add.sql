INSERT INTO failure_result (failure, n, of_message, method, result, reason, domain, selector, identity)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
