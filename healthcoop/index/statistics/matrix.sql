-- How many records each two of the :top parties with most records share (pair_record.sql): one row
-- for each and each other one, by number of records, then code.
-- total: the records of the party that count for a pair, whichever its other side is.
-- records: those among them with the other one; 0 where there is none.
WITH
half AS (
  SELECT a AS code, b AS other, position FROM pair_record
  UNION ALL
  SELECT b, a, position FROM pair_record
),
top AS (
  SELECT code, count(DISTINCT position) AS total FROM half
  GROUP BY code ORDER BY total DESC, code LIMIT :top
),
cell AS (
  SELECT code, other, count(*) AS records FROM half
  WHERE code IN (SELECT code FROM top) AND other IN (SELECT code FROM top)
  GROUP BY code, other
)
SELECT top.code, top.total, peer.code AS other, coalesce(cell.records, 0) AS records
FROM top
LEFT JOIN top AS peer ON peer.code <> top.code
LEFT JOIN cell ON cell.code = top.code AND cell.other = peer.code
ORDER BY top.total DESC, top.code, peer.total DESC, peer.code;
