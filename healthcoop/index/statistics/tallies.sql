-- The records of each pair (pairings.sql) by the year in which they count (years.sql), up to that of
-- :day.
INSERT INTO tally
SELECT pairing.a, pairing.b, record.year,
  sum(record.kind = 'encounter'), sum(record.kind = 'instrument')
FROM pairing JOIN record ON record.id = pairing.id
WHERE record.year <= CAST(substr(:day, 1, 4) AS INTEGER)
GROUP BY pairing.a, pairing.b, record.year;
