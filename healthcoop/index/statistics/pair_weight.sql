-- The weight of every pair, from which affinity (pairs.sql) and the network are computed.
INSERT INTO pair_weight SELECT a, b, sum(weight) FROM pair_record GROUP BY a, b;
