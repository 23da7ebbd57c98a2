-- What affinity (pairs.sql) is taken over: the weight of every pair of `company`.
INSERT INTO tie
SELECT one.code, other.code,
  sum(CASE WHEN :multilateral = 'fractional' THEN 1.0 / one.others ELSE 1 END)
FROM company AS one
JOIN company AS other ON other.position = one.position AND one.code < other.code
GROUP BY one.code, other.code;
