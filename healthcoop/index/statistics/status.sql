-- How many selected instruments were in force on each of some days (span): one row a day.
--   :days a JSON array of days; an empty one stands for every 31 December from the year of the first
--         instrument (by the day it counts on, as years.sql) and for :day, the last.
-- certain, possible: in force on the day; possible includes certain.
-- instruments: those dated on or before the day, or possibly in force on or before it.
-- no: those of them that were not in force: ended, or dated and not yet in force.
WITH
instrument AS (
  SELECT span.*, record.year, coalesce(min(span.possible_from, record.sort_day), '') AS begun
  FROM selection
  JOIN span ON span.id = selection.id
  JOIN record ON record.id = selection.id
),
begin (year) AS (SELECT min(year) FROM instrument),
calendar (year) AS (
  SELECT begin.year + number.n FROM begin
  JOIN number ON begin.year + number.n < CAST(substr(:day, 1, 4) AS INTEGER)
),
requested (day) AS (
  SELECT value FROM json_each(:days)
  UNION
  SELECT printf('%04d-12-31', year) FROM calendar WHERE :days = '[]'
  UNION
  SELECT :day FROM begin WHERE :days = '[]' AND year NOT NULL
),
counts AS (
  SELECT requested.day,
    count(id) FILTER (WHERE day BETWEEN certain_from AND certain_until) AS certain,
    count(id) FILTER (
      WHERE day BETWEEN coalesce(possible_from, day) AND coalesce(possible_until, day)
    ) AS possible,
    count(id) AS instruments
  FROM requested LEFT JOIN instrument ON begun <= day
  GROUP BY requested.day
)
SELECT day, certain, possible, instruments - possible AS no, instruments FROM counts ORDER BY day;
