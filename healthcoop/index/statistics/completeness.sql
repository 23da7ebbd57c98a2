-- How many selected records of each kind have the same fields filled: bits of filled.FILLED; with
-- :by_year in each year, without those that have none.
SELECT CASE WHEN :by_year THEN record.year END AS year, record.filled, record.kind,
  count(*) AS records
FROM selection JOIN record ON record.id = selection.id
WHERE NOT :by_year OR record.year NOT NULL
GROUP BY 1, record.filled, record.kind
ORDER BY 1;
