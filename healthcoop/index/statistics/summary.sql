-- How many chosen records have a type, year, country, organisation, topic or collection: one row
-- for each of these (`by`) and each value found (`name`); years in order, all others by number.
-- A record counts once for each different code it has.
WITH
trait AS (
  SELECT chosen.position, 'type' AS by, record.type AS name
  FROM chosen JOIN record ON record.id = chosen.id
  UNION ALL
  SELECT chosen.position, 'year', CAST(record.year AS TEXT)
  FROM chosen JOIN record ON record.id = chosen.id
  UNION ALL
  SELECT chosen.position, CASE WHEN party.organisation THEN 'organisation' ELSE 'country' END,
    party.code
  FROM chosen JOIN party ON party.record = chosen.id
  UNION ALL
  SELECT chosen.position, 'topic', topic.code
  FROM chosen JOIN topic ON topic.record = chosen.id
  UNION ALL
  SELECT chosen.position, 'collection', record.collection
  FROM chosen JOIN record ON record.id = chosen.id
)
SELECT by, name, count(DISTINCT position) AS records
FROM trait
WHERE name > ''
GROUP BY by, name
ORDER BY by, CASE WHEN by = 'year' THEN length(name) ELSE -count(DISTINCT position) END, name;
