-- One row a pair of values of two dimensions (trait) that some record has: the records that have both,
-- each once; none of those in `crowded`.
--   :rows, :columns the dimensions
SELECT one.value AS "row", other.value AS "column",
  count(*) AS records,
  count(*) FILTER (WHERE selection.kind = 'instrument') AS instruments,
  count(*) FILTER (WHERE selection.kind = 'encounter') AS encounters
FROM (SELECT DISTINCT position, value FROM trait WHERE dimension = :rows) AS one
JOIN (SELECT DISTINCT position, value FROM trait WHERE dimension = :columns) AS other
  ON other.position = one.position
JOIN selection ON selection.position = one.position
WHERE one.position NOT IN (SELECT position FROM crowded)
GROUP BY one.value, other.value;
