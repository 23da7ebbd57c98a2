-- Which pairs each selected record counts for.
--   :organisations 1: organisations count as sides, 0: they do not
--   :multilateral  none: a record counts for at most one pair: that of its countries if they are two;
--                  else, with organisations, that of its sides if they are two.
--                  all, fractional: it counts for every two of its sides.
-- weight: 1; with :multilateral = 'fractional' 1/(n-1), n being the number of the record's sides, so
--   that it adds 1 in all for each of its sides.
WITH candidate AS (
  SELECT position, id,
    :organisations AND (:multilateral <> 'none' OR countries <> 2) AS organisations,
    CASE WHEN :organisations THEN parties ELSE countries END AS parties
  FROM selection WHERE :multilateral <> 'none' OR countries = 2 OR parties = 2
)
INSERT OR IGNORE INTO pair_record
SELECT one.code, other.code, candidate.position, candidate.id,
  CASE WHEN :multilateral = 'fractional' THEN 1.0 / (candidate.parties - 1) ELSE 1 END
FROM candidate
JOIN side AS one ON one.record = candidate.id AND one.organisation <= candidate.organisations
JOIN side AS other ON other.record = candidate.id AND other.organisation <= candidate.organisations
  AND one.code < other.code
ORDER BY one.code, other.code, candidate.position;
