-- Which pairs each selected record counts for.
--   :organisations 1: organisations count as sides, 0: they do not
--   :multilateral  none: a record counts for at most one pair: that of its countries if they are two;
--                  else, with organisations, that of its sides if they are two.
--                  all, fractional: it counts for every two of its sides, or, having more than
--                  :most_sides, for none: the number of pairs grows with the square of theirs.
-- weight: 1; with :multilateral = 'fractional' 1/(n-1), n being the number of the record's sides, so
--   that it adds 1 in all for each of its sides.
-- year: that of the later first day of the two sides, unless it is unknown, or one of the two states
--   did not exist yet or any more.
-- Where several sides are counted as one (successor.sql), the earliest known first day counts.
INSERT OR IGNORE INTO pair_record
SELECT a, b, position, id,
  CASE WHEN :multilateral = 'fractional' THEN 1.0 / (parties - 1) ELSE 1 END,
  first, first_key, since,
  CASE WHEN since = CAST(substr(first_key, 1, 4) AS INTEGER) AND since <= until THEN since END
FROM paired
ORDER BY a, b, position, first_key IS NULL, first_key, since;
