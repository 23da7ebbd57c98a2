-- How many selected records have a type, year, country, organisation, topic or collection (trait): one row
-- for each of these (`by`) and each value (`name`); years in order, all others by number.
-- A record counts once for each different code it has; of countries and organisations, only sides.
SELECT dimension AS by, value AS name, count(DISTINCT position) AS records
FROM trait
WHERE dimension IN ('type', 'year', 'country', 'organisation', 'topic', 'collection')
GROUP BY dimension, value
ORDER BY dimension,
  CASE WHEN dimension = 'year' THEN length(value) ELSE -count(DISTINCT position) END, value;
