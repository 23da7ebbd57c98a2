-- How many chosen records made no pair, by why: more than two parties, or fewer.
--   :fold_former :organisations as in company.sql
WITH
member AS (
  SELECT DISTINCT chosen.position, party.organisation,
    CASE WHEN :fold_former THEN coalesce(term.folded_into, party.code) ELSE party.code END AS code
  FROM chosen
  LEFT JOIN party ON party.record = chosen.id AND (:organisations OR NOT party.organisation)
  LEFT JOIN term ON term.vocabulary = 'countries' AND term.code = party.code
    AND NOT party.organisation
  WHERE chosen.position NOT IN (SELECT position FROM company)
),
size AS (SELECT position, count(code) AS parties FROM member GROUP BY position)
SELECT count(*) FILTER (WHERE parties > 2) AS multilateral,
  count(*) FILTER (WHERE parties < 2) AS too_few
FROM size;
