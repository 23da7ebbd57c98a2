-- One row a pair of parties, a before b by code: the records in which both make a pair (company.sql).
-- weight: the number of these records; with :multilateral = 'fractional' each counts 1/(n-1), n being
--   the number of its parties, so that a record gives each of its parties 1 in all.
-- possible, certain: the instruments among them in force between the two on :day, certain ones being
--   possible too: within the instrument's span, links included, and within those of both parties
--   (party_span). A former state that is folded in has those of whichever of the parties it stands for.
-- first, last: the dates of the first and last that have one; withdrawn ones may have none.
-- affinity: observed over expected weight, the association strength of van Eck and Waltman 2009,
--   doi 10.1002/asi.21075: w_ab * 2W / (s_a * s_b), s being a party's weight over all its pairs and W
--   the weight of all pairs. 1: as often together as chance would have it; 4 digits. It is taken
--   over `tie`: all pairs, whoever the query asks for and with however few records. Over the pairs
--   of one country alone, its affinity to each partner would come to 2, whatever the data.
-- topics: the codes of all topics of all records, repeated as they come, as a JSON array.
WITH
pair AS (
  SELECT one.position, one.id, one.code AS a, other.code AS b,
    CASE WHEN :multilateral = 'fractional' THEN 1.0 / one.others ELSE 1 END AS weight
  FROM company AS one
  JOIN company AS other ON other.position = one.position AND one.code < other.code
),
half AS (SELECT a AS code, weight FROM tie UNION ALL SELECT b, weight FROM tie),
strength AS (SELECT code, sum(weight) AS weight FROM half GROUP BY code),
whole AS (SELECT sum(weight) AS weight FROM tie),
own AS (
  -- Only what has a party with dates of its own: all others are in force for each party alike.
  SELECT company.position, company.code,
    max(coalesce(:day BETWEEN span.certain_from AND span.certain_until, 0)) AS certain,
    max(:day BETWEEN coalesce(span.possible_from, :day) AND coalesce(span.possible_until, :day))
      AS possible
  FROM company
  JOIN party_span AS span ON span.id = company.id
  LEFT JOIN term ON term.vocabulary = 'countries' AND term.code = span.code
    AND NOT span.organisation
  WHERE company.id IN (SELECT record FROM stay)
    AND company.code
      = CASE WHEN :fold_former THEN coalesce(term.folded_into, span.code) ELSE span.code END
  GROUP BY company.position, company.code
),
tally AS (
  SELECT pair.a, pair.b,
    count(*) AS records,
    sum(record.kind = 'instrument') AS instruments,
    sum(record.kind = 'encounter') AS encounters,
    sum(pair.weight) AS weight,
    count(span.id) FILTER (
      WHERE :day BETWEEN span.certain_from AND span.certain_until
        AND coalesce(one.certain, 1) AND coalesce(other.certain, 1)
    ) AS certain,
    count(span.id) FILTER (
      WHERE :day BETWEEN coalesce(span.possible_from, :day) AND coalesce(span.possible_until, :day)
        AND coalesce(one.possible, 1) AND coalesce(other.possible, 1)
    ) AS possible,
    min(pair.position) FILTER (WHERE record.sort_day NOT NULL) AS first,
    max(pair.position) FILTER (WHERE record.sort_day NOT NULL) AS last
  FROM pair
  JOIN record ON record.id = pair.id
  LEFT JOIN span ON span.id = pair.id
  LEFT JOIN own AS one ON one.position = pair.position AND one.code = pair.a
  LEFT JOIN own AS other ON other.position = pair.position AND other.code = pair.b
  GROUP BY pair.a, pair.b
),
subject AS (
  SELECT pair.a, pair.b, json_group_array(topic.code) AS topics
  FROM pair JOIN topic ON topic.record = pair.id
  GROUP BY pair.a, pair.b
)
SELECT tally.a, tally.b, tally.records, tally.instruments, tally.encounters,
  CASE WHEN :multilateral = 'fractional' THEN round(tally.weight, 4) ELSE tally.weight END AS weight,
  tally.certain, tally.possible,
  earliest.date AS first, latest.date AS last, coalesce(subject.topics, '[]') AS topics,
  round(tie.weight * 2.0 * whole.weight / (one.weight * other.weight), 4) AS affinity
FROM tally
JOIN whole
JOIN tie ON tie.a = tally.a AND tie.b = tally.b
JOIN strength AS one ON one.code = tally.a
JOIN strength AS other ON other.code = tally.b
LEFT JOIN chosen AS opening ON opening.position = tally.first
LEFT JOIN chosen AS closing ON closing.position = tally.last
LEFT JOIN record AS earliest ON earliest.id = opening.id
LEFT JOIN record AS latest ON latest.id = closing.id
LEFT JOIN subject ON subject.a = tally.a AND subject.b = tally.b
WHERE tally.records >= :minimum
ORDER BY round(tally.weight, 4) DESC, tally.records DESC, tally.a, tally.b;
