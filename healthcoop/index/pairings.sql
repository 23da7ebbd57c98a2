-- Which pairs each chosen record makes.
--   :organisations 1: organisations count as parties, 0: they do not
--   :multilateral  none: a record makes at most one pair: that of its countries where they are two;
--                  else, with organisations, that of its parties where they are two.
--                  all, fractional: every two of its parties make one.
-- weight: 1; with :multilateral = 'fractional' 1/(n-1), n being the number of the record's parties, so
--   that it gives each of its parties 1 in all.
INSERT OR IGNORE INTO pairing
SELECT one.code, other.code, chosen.position, chosen.id,
  CASE WHEN :multilateral <> 'fractional' THEN 1
    WHEN :organisations THEN 1.0 / (chosen.parties - 1)
    ELSE 1.0 / (chosen.countries - 1)
  END
FROM chosen
JOIN side AS one ON one.record = chosen.id
JOIN side AS other ON other.record = chosen.id AND one.code < other.code
WHERE (:multilateral <> 'none' OR chosen.countries = 2 OR chosen.parties = 2)
AND (:organisations OR NOT (one.organisation OR other.organisation)) AND CASE
  WHEN :multilateral <> 'none' THEN 1
  WHEN chosen.countries = 2 THEN NOT (one.organisation OR other.organisation)
  ELSE chosen.parties = 2
END
ORDER BY one.code, other.code, chosen.position;
