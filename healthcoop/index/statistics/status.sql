-- How many selected instruments were in force on each of some days (span): one row a day.
--   :days a JSON array of days; an empty one stands for every 31 December from the year of the first
--         instrument (by the day it counts on, as years.sql) and for :day, the last.
-- certain, possible: in force on the day; possible includes certain.
-- instruments: those dated on or before the day, or possibly in force on or before it.
-- no: those of them that were not in force: ended, or dated and not yet in force.
WITH RECURSIVE
instrument AS (
  SELECT span.*, record.year, coalesce(min(span.possible_from, record.sort_day), '') AS begun
  FROM selection
  JOIN span ON span.id = selection.id
  JOIN record ON record.id = selection.id
),
calendar (year) AS (
  SELECT min(year) FROM instrument HAVING min(year) NOT NULL
  UNION ALL
  SELECT year + 1 FROM calendar WHERE year < CAST(substr(:day, 1, 4) AS INTEGER) - 1
),
requested (day) AS (
  SELECT value FROM json_each(:days)
  UNION
  SELECT printf('%04d-12-31', year) FROM calendar
  WHERE :days = '[]' AND year < CAST(substr(:day, 1, 4) AS INTEGER)
  UNION
  SELECT :day FROM calendar WHERE :days = '[]'
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
