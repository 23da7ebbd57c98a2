-- The first and last year of the rows of each pair in `pair_year`: from its first record to :day; for
-- a pair with a former state, to the year in which that ended, or of the last record if later.
--   :ends a JSON object: the last year of each former state.
WITH
ended AS (SELECT key AS code, value AS year FROM json_each(:ends)),
recorded AS (SELECT a, b, min(year) AS first, max(year) AS last FROM pair_year GROUP BY a, b)
INSERT INTO pair_span
SELECT recorded.a, recorded.b, recorded.first, max(recorded.last, min(
  CAST(substr(:day, 1, 4) AS INTEGER), coalesce(one.year, 9999), coalesce(other.year, 9999)
))
FROM recorded
LEFT JOIN ended AS one ON one.code = recorded.a
LEFT JOIN ended AS other ON other.code = recorded.b;
