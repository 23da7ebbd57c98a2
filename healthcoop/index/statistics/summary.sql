-- How many selected records have a type, year, country, organisation, topic or collection: one row
-- for each of these (`by`) and each value (`name`); years in order, all others by number.
-- A record counts once for each different code it has; of countries and organisations, only sides.
WITH
trait AS (
  SELECT selection.position, 'type' AS by, record.type AS name
  FROM selection JOIN record ON record.id = selection.id
  UNION ALL
  SELECT selection.position, 'year', CAST(record.year AS TEXT)
  FROM selection JOIN record ON record.id = selection.id
  UNION ALL
  SELECT selection.position, CASE WHEN party.organisation THEN 'organisation' ELSE 'country' END,
    party.code
  FROM selection JOIN party ON party.record = selection.id AND party.side
  UNION ALL
  SELECT selection.position, 'topic', topic.code
  FROM selection JOIN topic ON topic.record = selection.id
  UNION ALL
  SELECT selection.position, 'collection', record.collection
  FROM selection JOIN record ON record.id = selection.id
)
SELECT by, name, count(DISTINCT position) AS records
FROM trait
WHERE name > ''
GROUP BY by, name
ORDER BY by, CASE WHEN by = 'year' THEN length(name) ELSE -count(DISTINCT position) END, name;
