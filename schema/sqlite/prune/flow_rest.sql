-- Without a last look the end of the run looks again.
DELETE FROM setting WHERE name = 'flow_looked' AND EXISTS (SELECT 1 FROM flow WHERE domain NOT IN (SELECT domain FROM flow_domain));
DELETE FROM flow WHERE domain NOT IN (SELECT domain FROM flow_domain);
