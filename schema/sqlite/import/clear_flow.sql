DELETE FROM setting WHERE name = 'flow_looked';
DELETE FROM flow;
DELETE FROM flow_domain;
