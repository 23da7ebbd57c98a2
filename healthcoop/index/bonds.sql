-- When the instruments of `company` were in force between two parties: on the days on which they
-- were in force for both (party_span, links and the parties' own dates included). NULL in a possible
-- day is no bound, in a certain one no day. A former state that is folded in has the days of each of
-- the parties it stands for: a row each.
--   :fold_former as in company.sql
WITH
side AS (
  SELECT company.position, company.code, span.possible_from, span.certain_from,
    span.certain_until, span.possible_until
  FROM company
  JOIN party_span AS span ON span.id = company.id
  LEFT JOIN term ON :fold_former AND term.vocabulary = 'countries' AND term.code = span.code
    AND NOT span.organisation
  WHERE company.code = coalesce(term.folded_into, span.code)
)
INSERT INTO bond
SELECT one.position, one.code, other.code,
  coalesce(max(one.possible_from, other.possible_from), one.possible_from, other.possible_from),
  max(one.certain_from, other.certain_from),
  min(one.certain_until, other.certain_until),
  coalesce(min(one.possible_until, other.possible_until), one.possible_until, other.possible_until)
FROM side AS one
JOIN side AS other ON other.position = one.position AND one.code < other.code;
