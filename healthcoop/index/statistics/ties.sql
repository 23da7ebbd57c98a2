-- The weight of every pair: what affinity (pairs.sql) is taken over, and the edges of the network.
INSERT INTO tie SELECT a, b, sum(weight) FROM pairing GROUP BY a, b;
