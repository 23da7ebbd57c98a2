-- How many records each two of the :top parties with most records share (company.sql): one row for
-- each and each other one, by number of records, then code.
-- total: the records of the party that make a pair, whoever the other is.
-- records: those among them with the other one; 0 where there is none.
WITH
top AS (
  SELECT code, count(*) AS total FROM company GROUP BY code ORDER BY total DESC, code LIMIT :top
),
cell AS (
  SELECT one.code AS a, other.code AS b, count(*) AS records
  FROM company AS one
  JOIN company AS other ON other.position = one.position AND other.code <> one.code
  WHERE one.code IN (SELECT code FROM top) AND other.code IN (SELECT code FROM top)
  GROUP BY one.code, other.code
)
SELECT top.code, top.total, peer.code AS other, coalesce(cell.records, 0) AS records
FROM top
LEFT JOIN top AS peer ON peer.code <> top.code
LEFT JOIN cell ON cell.a = top.code AND cell.b = peer.code
ORDER BY top.total DESC, top.code, peer.total DESC, peer.code;
