-- The sources of selected records, and those with the address of an archived copy; years as in
-- completeness.sql.
SELECT CASE WHEN :by_year THEN record.year END AS year,
  count(DISTINCT selection.id) AS records,
  count(source.record) AS sources,
  count(source.archived) AS archived
FROM selection
JOIN record ON record.id = selection.id
LEFT JOIN source ON source.record = selection.id
WHERE NOT :by_year OR record.year NOT NULL
GROUP BY 1
ORDER BY 1;
