-- The years of each pair (pair_span.sql) in runs: one row for consecutive years in which nothing
-- changes. encounters, signed are those of the first year of the run; its other years have none.
-- encounters, signed: the encounters and the instruments that count in the year (pair_year.sql).
-- certain, possible: the instruments in force between the two (pair_in_force.sql) on 31 December, in
--   the year of :day on :day; possible includes certain.
-- They are summed from the years in which an instrument comes into force or ceases to be: a pair may
-- have thousands of instruments for a hundred years each, but few such years.
WITH
days AS (
  SELECT a, b, position, 0 AS certain, 1 AS possible,
    coalesce(possible_from, '0001-01-01') AS first, coalesce(possible_until, '9999-12-31') AS last
  FROM pair_in_force
  UNION ALL
  SELECT a, b, position, 1, 0, certain_from, certain_until FROM pair_in_force
),
-- The years whose counted day is among these days, if any: a year that ends later is not counted.
years AS (
  SELECT a, b, position, certain, possible, CAST(substr(first, 1, 4) AS INTEGER) AS first,
    CASE WHEN last >= :day THEN 9999
      ELSE CAST(substr(last, 1, 4) AS INTEGER) - CASE WHEN substr(last, 6) < '12-31' THEN 1 ELSE 0 END
    END AS last
  FROM days WHERE first <= min(last, :day)
),
-- Where a former state is folded in, an instrument may have several: each year counts once.
parts AS MATERIALIZED (
  SELECT a, b, certain, possible, last,
    max(first, 1 + coalesce(max(last) OVER earlier, 0)) AS first
  FROM years
  WINDOW earlier AS (
    PARTITION BY position, a, b, certain ORDER BY first
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  )
),
change AS (
  SELECT a, b, year, encounters, signed, 0 AS certain, 0 AS possible FROM pair_year
  UNION ALL
  SELECT a, b, first, 0, 0, 0, 0 FROM pair_span
  UNION ALL
  SELECT a, b, first, 0, 0, certain, possible FROM parts WHERE first <= last
  UNION ALL
  SELECT a, b, last + 1, 0, 0, -certain, -possible FROM parts
  WHERE first <= last AND last < 9999
),
yearly_change AS (
  SELECT a, b, year, sum(encounters) AS encounters, sum(signed) AS signed,
    sum(certain) AS certain, sum(possible) AS possible
  FROM change GROUP BY a, b, year
),
run AS (
  SELECT a, b, year AS first, lead(year, 1, 10000) OVER pair - 1 AS last, encounters, signed,
    sum(certain) OVER pair AS certain, sum(possible) OVER pair AS possible
  FROM yearly_change
  WINDOW pair AS (PARTITION BY a, b ORDER BY year)
)
SELECT run.a, run.b, run.first, min(run.last, pair_span.last) AS last,
  run.encounters, run.signed, run.certain, run.possible
FROM run
JOIN pair_span ON pair_span.a = run.a AND pair_span.b = run.b
  AND run.first BETWEEN pair_span.first AND pair_span.last
ORDER BY run.a, run.b, run.first;
