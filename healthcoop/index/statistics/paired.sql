-- Every two sides of each selected record that it may count for, as pair_record.sql describes: the
-- common table expressions with which that script and dyads.sql begin. `first` and `first_key` are
-- those of the side that joined later, `since` and `until` the years that the pair can have.
WITH candidate AS (
  SELECT position, id,
    :organisations AND (:multilateral <> 'none' OR countries <> 2) AS organisations,
    CASE WHEN :organisations THEN parties ELSE countries END AS parties
  FROM selection WHERE CASE
    WHEN :multilateral = 'none' THEN countries = 2 OR parties = 2
    WHEN :organisations THEN parties <= :most_sides
    ELSE countries <= :most_sides
  END
),
sides AS MATERIALIZED (
  SELECT record, CAST(code AS TEXT) AS code, organisation, first, first_key, since, until
  FROM side WHERE record IN (SELECT id FROM candidate)
),
paired AS (
  SELECT one.code AS a, other.code AS b, candidate.position, candidate.id, candidate.parties,
    CASE max(one.first_key, other.first_key)
      WHEN one.first_key THEN one.first WHEN other.first_key THEN other.first
    END AS first,
    max(one.first_key, other.first_key) AS first_key,
    max(one.since, other.since) AS since,
    min(
      CAST(substr(:day, 1, 4) AS INTEGER), coalesce(one.until, 9999), coalesce(other.until, 9999)
    ) AS until
  FROM candidate
  CROSS JOIN sides AS one ON one.record = candidate.id
    AND one.organisation <= candidate.organisations
  CROSS JOIN sides AS other ON other.record = candidate.id
    AND other.organisation <= candidate.organisations AND one.code < other.code
)
