-- No original is behind a decision.
SELECT id, NULL, NULL, NULL, NULL FROM original WHERE 0
