-- One row a year from the first with a record to the last, those without one too. A record counts
-- in the year of its earliest day, or of its latest where there is none.
WITH RECURSIVE
tally AS (
  SELECT record.year, count(*) AS records,
    sum(record.kind = 'instrument') AS instruments,
    sum(record.kind = 'encounter') AS encounters
  FROM chosen JOIN record ON record.id = chosen.id
  WHERE record.year NOT NULL
  GROUP BY record.year
),
span_of_years (first, last) AS (SELECT min(year), max(year) FROM tally),
calendar (year) AS (
  SELECT first FROM span_of_years WHERE first NOT NULL
  UNION ALL
  SELECT year + 1 FROM calendar WHERE year < (SELECT last FROM span_of_years)
)
SELECT calendar.year, coalesce(tally.records, 0) AS records,
  coalesce(tally.instruments, 0) AS instruments, coalesce(tally.encounters, 0) AS encounters
FROM calendar LEFT JOIN tally ON tally.year = calendar.year
ORDER BY calendar.year;
