-- How many selected records are not counted, or not with all parties, by reason.
-- not_sides: with an observer or a depositary among the countries, with :organisations among all; in a
--   table (cross.sql) among those that one of its dimensions is of.
-- without: they have no value in one of the two dimensions of a table.
-- encounters: where instruments are counted.
-- multilateral, too_few: they count for no pair (pair_record.sql), having more than two sides, or
--   fewer.
-- too_many: they count for no pair either, having more than :most_sides; or in no table (crowded.sql).
-- later: where years are counted (pair_year), those that count for a pair but in no year: after that of
--   :day or after the end of a state, or in one that is unknown.
WITH size AS (
  SELECT kind, countries, CASE WHEN :organisations THEN parties ELSE countries END AS parties
  FROM selection
)
SELECT
  count(*) FILTER (WHERE kind = 'encounter') AS encounters,
  count(*) FILTER (WHERE :multilateral = 'none' AND parties > 2 AND countries <> 2) AS multilateral,
  count(*) FILTER (WHERE parties < 2) AS too_few,
  count(*) FILTER (WHERE :multilateral <> 'none' AND parties > :most_sides)
    + (SELECT count(*) FROM crowded) AS too_many,
  CASE WHEN :by_pair_year THEN (
    SELECT count(*) FROM (SELECT id FROM pair_record GROUP BY id HAVING max(year) IS NULL)
  ) ELSE 0 END AS later,
  (
    SELECT count(DISTINCT selection.id) FROM selection JOIN party ON party.record = selection.id
    WHERE NOT party.side AND CASE
      WHEN :rows = '' THEN party.organisation <= :organisations
      WHEN 'lateral' IN (:rows, :columns) THEN TRUE
      WHEN party.organisation THEN 'organisation' IN (:rows, :columns)
      ELSE 'country' IN (:rows, :columns) OR 'region' IN (:rows, :columns)
        OR 'm49' IN (:rows, :columns)
    END
  ) AS not_sides,
  CASE WHEN :rows = '' THEN 0 ELSE count(*) - (
    SELECT count(*) FROM (
      SELECT position FROM trait WHERE dimension = :rows
      INTERSECT
      SELECT position FROM trait WHERE dimension = :columns
    )
  ) END AS without
FROM size;
