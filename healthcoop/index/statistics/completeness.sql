-- How many chosen records of each kind have the same fields filled: bits of words.FILLED; with
-- :by_year in each year, without those that have none.
SELECT CASE WHEN :by_year THEN record.year END AS year, record.filled, record.kind,
  count(*) AS records
FROM chosen JOIN record ON record.id = chosen.id
WHERE NOT :by_year OR record.year NOT NULL
GROUP BY 1, record.filled, record.kind
ORDER BY 1;
