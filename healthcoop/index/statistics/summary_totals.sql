-- The totals of the selected records in one row; first and last are the dates of the first and last
-- record that has one. pairs: two countries with a bilateral record (pair_record.sql, none).
SELECT count(*) AS records,
  count(*) FILTER (WHERE record.kind = 'instrument') AS instruments,
  count(*) FILTER (WHERE record.kind = 'encounter') AS encounters,
  (SELECT count(*) FROM (SELECT DISTINCT a, b FROM pair_record)) AS pairs,
  (
    SELECT record.date FROM selection JOIN record ON record.id = selection.id
    WHERE record.sort_day NOT NULL ORDER BY selection.position LIMIT 1
  ) AS first,
  (
    SELECT record.date FROM selection JOIN record ON record.id = selection.id
    WHERE record.sort_day NOT NULL ORDER BY selection.position DESC LIMIT 1
  ) AS last
FROM selection JOIN record ON record.id = selection.id;
