-- From which year to which each pair of `tally` has rows: from that of its first record to that of
-- :day; where a former state is of the pair, to the year in which it ended, or to that of the last
-- record if that is later.
--   :ends a JSON object: the last year of each former state.
WITH
ended AS (SELECT key AS code, value AS year FROM json_each(:ends)),
told AS (SELECT a, b, min(year) AS first, max(year) AS last FROM tally GROUP BY a, b)
INSERT INTO life
SELECT told.a, told.b, told.first, max(told.last, min(
  CAST(substr(:day, 1, 4) AS INTEGER), coalesce(here.year, 9999), coalesce(there.year, 9999)
))
FROM told
LEFT JOIN ended AS here ON here.code = told.a
LEFT JOIN ended AS there ON there.code = told.b;
