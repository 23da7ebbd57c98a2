-- The records of each pair by the year in which they count (pair_record.sql).
INSERT INTO pair_year
SELECT pair_record.a, pair_record.b, pair_record.year,
  count(*) FILTER (WHERE selection.kind = 'encounter'),
  count(*) FILTER (WHERE selection.kind = 'instrument')
FROM pair_record JOIN selection ON selection.position = pair_record.position
WHERE pair_record.year NOT NULL
GROUP BY pair_record.a, pair_record.b, pair_record.year;
