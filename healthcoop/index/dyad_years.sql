-- One row a pair (company.sql) and year, from the year of its first record to that of :day; where a
-- former state is of the pair, to the year in which it ended, or to that of the last record.
--   :ends a JSON object: the last year of each former state.
-- encounters, signed: the encounters and the instruments that count in the year (as years.sql).
-- certain, possible: the instruments in force between the two (bonds.sql) on 31 December, in the last
--   year on :day, certain ones being possible too.
WITH RECURSIVE
today (year) AS (SELECT CAST(substr(:day, 1, 4) AS INTEGER)),
tally AS (
  SELECT one.code AS a, other.code AS b, record.year,
    sum(record.kind = 'encounter') AS encounters,
    sum(record.kind = 'instrument') AS signed
  FROM company AS one
  JOIN company AS other ON other.position = one.position AND one.code < other.code
  JOIN record ON record.id = one.id
  WHERE record.year <= (SELECT year FROM today)
  GROUP BY one.code, other.code, record.year
),
ended AS (SELECT key AS code, value AS year FROM json_each(:ends)),
life AS (
  SELECT tally.a, tally.b, min(tally.year) AS first,
    max(
      max(tally.year),
      min((SELECT year FROM today), coalesce(here.year, 9999), coalesce(there.year, 9999))
    ) AS last
  FROM tally
  LEFT JOIN ended AS here ON here.code = tally.a
  LEFT JOIN ended AS there ON there.code = tally.b
  GROUP BY tally.a, tally.b
),
calendar (year, day) AS (
  SELECT min(first), min(printf('%04d-12-31', min(first)), :day) FROM life
  HAVING min(first) NOT NULL
  UNION ALL
  SELECT year + 1, min(printf('%04d-12-31', year + 1), :day) FROM calendar
  WHERE year < (SELECT year FROM today)
),
force AS (
  SELECT bond.a, bond.b, calendar.year,
    count(DISTINCT bond.position) FILTER (
      WHERE calendar.day BETWEEN bond.certain_from AND bond.certain_until
    ) AS certain,
    count(DISTINCT bond.position) AS possible
  FROM bond
  JOIN calendar ON calendar.day
    BETWEEN coalesce(bond.possible_from, '') AND coalesce(bond.possible_until, '9999-12-31')
  GROUP BY bond.a, bond.b, calendar.year
)
SELECT calendar.year, life.a, life.b,
  coalesce(tally.encounters, 0) AS encounters, coalesce(tally.signed, 0) AS signed,
  coalesce(force.certain, 0) AS certain, coalesce(force.possible, 0) AS possible
FROM life
JOIN calendar ON calendar.year BETWEEN life.first AND life.last
LEFT JOIN tally ON tally.a = life.a AND tally.b = life.b AND tally.year = calendar.year
LEFT JOIN force ON force.a = life.a AND force.b = life.b AND force.year = calendar.year
ORDER BY life.a, life.b, calendar.year;
