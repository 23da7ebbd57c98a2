-- Which pairs each chosen record makes.
--   :organisations 1: organisations count as parties, 0: they do not
--   :multilateral  none: a record makes at most one pair: that of its countries where they are two;
--                  else, with organisations, that of its parties where they are two.
--                  all, fractional: every two of its parties make one.
-- weight: 1; with :multilateral = 'fractional' 1/(n-1), n being the number of the record's parties, so
--   that it gives each of its parties 1 in all.
WITH gathering AS (
  SELECT position, id,
    :organisations AND (:multilateral <> 'none' OR countries <> 2) AS organisations,
    CASE WHEN :organisations THEN parties ELSE countries END AS parties
  FROM chosen WHERE :multilateral <> 'none' OR countries = 2 OR parties = 2
)
INSERT OR IGNORE INTO pairing
SELECT one.code, other.code, gathering.position, gathering.id,
  CASE WHEN :multilateral = 'fractional' THEN 1.0 / (gathering.parties - 1) ELSE 1 END
FROM gathering
JOIN side AS one ON one.record = gathering.id AND one.organisation <= gathering.organisations
JOIN side AS other ON other.record = gathering.id AND other.organisation <= gathering.organisations
  AND one.code < other.code
ORDER BY one.code, other.code, gathering.position;
