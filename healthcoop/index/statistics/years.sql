-- One row a year from the first with a record to the last, those without one too. A record counts
-- in the year of its earliest day, or of its latest where there is none.
WITH
counts AS (
  SELECT record.year, count(*) AS records,
    count(*) FILTER (WHERE record.kind = 'instrument') AS instruments,
    count(*) FILTER (WHERE record.kind = 'encounter') AS encounters
  FROM selection JOIN record ON record.id = selection.id
  WHERE record.year NOT NULL
  GROUP BY record.year
),
span_of_years (first, last) AS (SELECT min(year), max(year) FROM counts),
calendar (year) AS (
  SELECT first + number.n FROM span_of_years JOIN number ON number.n <= last - first
)
SELECT calendar.year, coalesce(counts.records, 0) AS records,
  coalesce(counts.instruments, 0) AS instruments, coalesce(counts.encounters, 0) AS encounters
FROM calendar LEFT JOIN counts ON counts.year = calendar.year
ORDER BY calendar.year;
