-- When the instruments among `pairing` were in force between two parties: on the days on which they
-- were in force for both (party_span, links and the parties' own dates included). NULL in a possible
-- day is no bound, in a certain one no day. Of former states that count as one (heirs.sql) each has
-- its own days: a row each.
INSERT INTO bond
SELECT pairing.position, pairing.a, pairing.b,
  coalesce(max(one.possible_from, other.possible_from), one.possible_from, other.possible_from),
  max(one.certain_from, other.certain_from),
  min(one.certain_until, other.certain_until),
  coalesce(min(one.possible_until, other.possible_until), one.possible_until, other.possible_until)
FROM pairing
JOIN side AS here ON here.record = pairing.id AND here.code = pairing.a
JOIN party_span AS one ON one.id = pairing.id AND one.code = here.party
JOIN side AS there ON there.record = pairing.id AND there.code = pairing.b
JOIN party_span AS other ON other.id = pairing.id AND other.code = there.party;
