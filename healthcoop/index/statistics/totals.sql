-- The chosen records in one row; first and last are the dates of the first and last that have one.
-- A pair is two countries with a bilateral record (pairings.sql, none).
SELECT count(*) AS records,
  count(*) FILTER (WHERE record.kind = 'instrument') AS instruments,
  count(*) FILTER (WHERE record.kind = 'encounter') AS encounters,
  (SELECT count(*) FROM (SELECT DISTINCT a, b FROM pairing)) AS pairs,
  (
    SELECT record.date FROM chosen JOIN record ON record.id = chosen.id
    WHERE record.sort_day NOT NULL ORDER BY chosen.position LIMIT 1
  ) AS first,
  (
    SELECT record.date FROM chosen JOIN record ON record.id = chosen.id
    WHERE record.sort_day NOT NULL ORDER BY chosen.position DESC LIMIT 1
  ) AS last
FROM chosen JOIN record ON record.id = chosen.id;
