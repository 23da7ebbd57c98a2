-- The first and last year of the rows of each pair: from the first year in which one of its records
-- lets it have any (pair_record.sql) to that of :day, or to the year in which one of the two ended.
INSERT INTO pair_span
SELECT pair.a, pair.b, pair.first, min(
  CAST(substr(:day, 1, 4) AS INTEGER), coalesce(one.last_year, 9999), coalesce(other.last_year, 9999)
)
FROM (SELECT a, b, min(since) AS first FROM pair_record GROUP BY a, b) AS pair
LEFT JOIN term AS one ON one.vocabulary = 'countries' AND one.code = pair.a
LEFT JOIN term AS other ON other.vocabulary = 'countries' AND other.code = pair.b;
