-- When the instruments among `pairing` were in force between two parties: on the days on which they
-- were in force for both (party_span, links and the parties' own dates included). NULL in a possible
-- day is no bound, in a certain one no day. Where no party has days of its own they are those of the
-- instrument; else former states that count as one (heirs.sql) have a row each.
-- CROSS JOIN keeps the order as written, which SQLite knows too little to choose.
WITH
own AS MATERIALIZED (
  SELECT DISTINCT chosen.position, side.code, span.possible_from, span.certain_from,
    span.certain_until, span.possible_until
  FROM chosen
  CROSS JOIN side ON side.record = chosen.id
  JOIN party_span AS span ON span.id = chosen.id AND span.code = side.party
  WHERE chosen.id IN (SELECT record FROM stay)
)
INSERT INTO bond
SELECT pairing.position, pairing.a, pairing.b,
  span.possible_from, span.certain_from, span.certain_until, span.possible_until
FROM pairing
JOIN chosen ON chosen.position = pairing.position AND chosen.kind = 'instrument'
JOIN span ON span.id = pairing.id
WHERE pairing.id NOT IN (SELECT record FROM stay)
UNION ALL
SELECT pairing.position, pairing.a, pairing.b,
  coalesce(max(one.possible_from, other.possible_from), one.possible_from, other.possible_from),
  max(one.certain_from, other.certain_from),
  min(one.certain_until, other.certain_until),
  coalesce(min(one.possible_until, other.possible_until), one.possible_until, other.possible_until)
FROM pairing
CROSS JOIN own AS one ON one.position = pairing.position AND one.code = pairing.a
CROSS JOIN own AS other ON other.position = pairing.position AND other.code = pairing.b;
