-- The totals of cross.sql: how many different records a row or a column of its table has (`axis`), and
-- how many the table has (no `axis`). Records that lack one of the two dimensions are in none.
WITH
here AS (
  SELECT position FROM trait WHERE dimension = :rows
  INTERSECT
  SELECT position FROM trait WHERE dimension = :columns
  EXCEPT
  SELECT position FROM crowded
)
SELECT 'rows' AS axis, value, count(DISTINCT position) AS records
FROM trait WHERE dimension = :rows AND position IN (SELECT position FROM here) GROUP BY value
UNION ALL
SELECT 'columns', value, count(DISTINCT position)
FROM trait WHERE dimension = :columns AND position IN (SELECT position FROM here) GROUP BY value
UNION ALL
SELECT NULL, NULL, count(*) FROM here;
