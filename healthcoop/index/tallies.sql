-- The records of each pair (company.sql) by the year in which they count (years.sql), up to that of
-- :day.
INSERT INTO tally
SELECT one.code, other.code, record.year,
  sum(record.kind = 'encounter'), sum(record.kind = 'instrument')
FROM company AS one
JOIN company AS other ON other.position = one.position AND one.code < other.code
JOIN record ON record.id = one.id
WHERE record.year <= CAST(substr(:day, 1, 4) AS INTEGER)
GROUP BY one.code, other.code, record.year;
