-- When the instruments in `pair_record` were in force between two parties: on the days on which they
-- were in force for both (party_span, which includes links and the parties' own dates). NULL in a
-- possible day means no bound, in a certain one no day. If no party has days of its own they are those
-- of the instrument; else former states counted as one (successor.sql) have a row each.
-- CROSS JOIN keeps the tables in this order: SQLite lacks the figures to choose a good one.
WITH
own_days AS MATERIALIZED (
  SELECT DISTINCT selection.position, CAST(side.code AS TEXT) AS code, span.possible_from, span.certain_from,
    span.certain_until, span.possible_until
  FROM selection
  CROSS JOIN side ON side.record = selection.id
  JOIN party_span AS span ON span.id = selection.id AND span.code = side.party
  WHERE selection.id IN (SELECT record FROM party_period)
)
INSERT INTO pair_in_force
SELECT pair_record.position, pair_record.a, pair_record.b,
  span.possible_from, span.certain_from, span.certain_until, span.possible_until
FROM pair_record
JOIN selection ON selection.position = pair_record.position AND selection.kind = 'instrument'
JOIN span ON span.id = pair_record.id
WHERE NOT EXISTS (SELECT 1 FROM party_period AS own WHERE own.record = pair_record.id)
UNION ALL
SELECT pair_record.position, pair_record.a, pair_record.b,
  coalesce(max(one.possible_from, other.possible_from), one.possible_from, other.possible_from),
  max(one.certain_from, other.certain_from),
  min(one.certain_until, other.certain_until),
  coalesce(min(one.possible_until, other.possible_until), one.possible_until, other.possible_until)
FROM pair_record
CROSS JOIN own_days AS one ON one.position = pair_record.position AND one.code = pair_record.a
CROSS JOIN own_days AS other ON other.position = pair_record.position AND other.code = pair_record.b;
