-- Which parties of which records make pairs: one row a record and different code.
--   :fold_former   1: a former state counts as the state it folds into, where there is one
--   :organisations 1: organisations count as parties, 0: they do not
--   :multilateral  none: a record makes at most one pair: that of its countries where they are two;
--                  else, with organisations, that of its parties where they are two.
--                  all, fractional: all its parties make pairs.
WITH
member AS (
  SELECT DISTINCT chosen.position, chosen.id, party.organisation,
    CASE WHEN :fold_former THEN coalesce(term.folded_into, party.code) ELSE party.code END AS code
  FROM chosen
  JOIN party ON party.record = chosen.id
  LEFT JOIN term ON term.vocabulary = 'countries' AND term.code = party.code
    AND NOT party.organisation
  WHERE :organisations OR NOT party.organisation
),
size AS (
  SELECT position, sum(NOT organisation) AS countries, count(*) AS parties
  FROM member GROUP BY position
)
INSERT INTO company
SELECT member.position, member.id, member.code,
  CASE WHEN :multilateral = 'none' THEN 1 ELSE size.parties - 1 END
FROM member JOIN size ON size.position = member.position
WHERE size.parties > 1 AND (
  :multilateral <> 'none'
  OR (size.countries = 2 AND NOT member.organisation)
  OR size.parties = 2
);
