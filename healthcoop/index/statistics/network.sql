-- One row a party that forms a pair, in the network whose edges are the pairs (pair_weight.sql).
-- degree: the number of its pairs. strength: the sum of their weights; 4 digits.
-- betweenness is computed in Python.
WITH half AS (SELECT a AS code, weight FROM pair_weight UNION ALL SELECT b, weight FROM pair_weight)
SELECT code AS country, count(*) AS degree,
  CASE WHEN :multilateral = 'fractional' THEN round(sum(weight) + 1e-9, 4) ELSE CAST(sum(weight) AS INTEGER) END AS strength
FROM half
GROUP BY code
ORDER BY round(sum(weight) + 1e-9, 4) DESC, degree DESC, code;
