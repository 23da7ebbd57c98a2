-- The records of each pair (pair_record.sql) by the year in which they count (years.sql), up to the
-- year of :day.
INSERT INTO pair_year
SELECT pair_record.a, pair_record.b, record.year,
  sum(record.kind = 'encounter'), sum(record.kind = 'instrument')
FROM pair_record JOIN record ON record.id = pair_record.id
WHERE record.year <= CAST(substr(:day, 1, 4) AS INTEGER)
GROUP BY pair_record.a, pair_record.b, record.year;
