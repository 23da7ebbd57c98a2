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
WITH candidate AS (
  SELECT position, id,
    :organisations AND (:multilateral <> 'none' OR countries <> 2) AS organisations,
    CASE WHEN :organisations THEN parties ELSE countries END AS parties
  FROM selection WHERE CASE
    WHEN :multilateral = 'none' THEN countries = 2 OR parties = 2
    WHEN :organisations THEN parties <= :most_sides
    ELSE countries <= :most_sides
  END
),
sides AS MATERIALIZED (
  SELECT record, CAST(code AS TEXT) AS code, organisation, first, first_key, since, until
  FROM side WHERE record IN (SELECT id FROM candidate)
),
paired AS (
  SELECT one.code AS a, other.code AS b, candidate.position, candidate.id, candidate.parties,
    CASE max(one.first_key, other.first_key)
      WHEN one.first_key THEN one.first WHEN other.first_key THEN other.first
    END AS first,
    max(one.first_key, other.first_key) AS first_key,
    max(one.since, other.since) AS since,
    min(
      CAST(substr(:day, 1, 4) AS INTEGER), coalesce(one.until, 9999), coalesce(other.until, 9999)
    ) AS until
  FROM candidate
  CROSS JOIN sides AS one ON one.record = candidate.id
    AND one.organisation <= candidate.organisations
  CROSS JOIN sides AS other ON other.record = candidate.id
    AND other.organisation <= candidate.organisations AND one.code < other.code
)
INSERT OR IGNORE INTO pair_record
SELECT a, b, position, id,
  CASE WHEN :multilateral = 'fractional' THEN 1.0 / (parties - 1) ELSE 1 END,
  first, first_key, since,
  CASE WHEN since = CAST(substr(first_key, 1, 4) AS INTEGER) AND since <= until THEN since END
FROM paired
ORDER BY a, b, position, first_key IS NULL, first_key, since;
