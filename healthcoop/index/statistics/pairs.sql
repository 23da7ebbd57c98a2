-- One row a pair of parties, a before b by code: the records in which both make a pair (pairings.sql).
-- weight: what these records count in the pair, in all: their number, unless :multilateral is
--   'fractional'.
-- possible, certain: the instruments among them in force between the two on :day (bonds.sql), certain
--   ones being possible too.
-- first, last: the dates of the first and last that have one; withdrawn ones may have none.
-- affinity: observed over expected weight, the association strength of van Eck and Waltman 2009,
--   doi 10.1002/asi.21075: w_ab * 2W / (s_a * s_b), s being a party's weight over all its pairs and W
--   the weight of all pairs. 1: as often together as chance would have it; 4 digits. It is taken
--   over `tie`: all pairs, whoever the query asks for and with however few records. Over the pairs
--   of one country alone, its affinity to each partner would come to 2, whatever the data.
-- years_since_encounter: from the last encounter up to :day, by its earliest day (latest, where there
--   is none), to :day, in years of 365.2425 days; 1 digit, NULL where there was none.
-- topics: the codes of all topics of all records, repeated as they come, as a JSON array.
WITH
half AS (SELECT a AS code, weight FROM tie UNION ALL SELECT b, weight FROM tie),
strength AS (SELECT code, sum(weight) AS weight FROM half GROUP BY code),
whole AS (SELECT sum(weight) AS weight FROM tie),
force AS (
  SELECT a, b,
    count(DISTINCT position) FILTER (WHERE :day BETWEEN certain_from AND certain_until) AS certain,
    count(DISTINCT position) FILTER (
      WHERE :day BETWEEN coalesce(possible_from, :day) AND coalesce(possible_until, :day)
    ) AS possible
  FROM bond GROUP BY a, b
),
tally AS (
  SELECT pairing.a, pairing.b,
    count(*) AS records,
    sum(chosen.kind = 'instrument') AS instruments,
    sum(chosen.kind = 'encounter') AS encounters,
    sum(pairing.weight) AS weight,
    max(chosen.sort_day) FILTER (
      WHERE chosen.kind = 'encounter' AND chosen.sort_day <= :day
    ) AS met,
    min(pairing.position) FILTER (WHERE chosen.sort_day NOT NULL) AS first,
    max(pairing.position) FILTER (WHERE chosen.sort_day NOT NULL) AS last
  FROM pairing
  JOIN chosen ON chosen.position = pairing.position
  GROUP BY pairing.a, pairing.b
),
subject AS (
  SELECT pairing.a, pairing.b, json_group_array(topic.code) AS topics
  FROM pairing JOIN topic ON topic.record = pairing.id
  GROUP BY pairing.a, pairing.b
)
SELECT tally.a, tally.b, tally.records, tally.instruments, tally.encounters,
  CASE WHEN :multilateral = 'fractional' THEN round(tally.weight, 4) ELSE tally.weight END AS weight,
  coalesce(force.certain, 0) AS certain, coalesce(force.possible, 0) AS possible,
  earliest.date AS first, latest.date AS last, coalesce(subject.topics, '[]') AS topics,
  round(tie.weight * 2.0 * whole.weight / (one.weight * other.weight), 4) AS affinity,
  round((julianday(:day) - julianday(tally.met)) / 365.2425, 1) AS years_since_encounter
FROM tally
JOIN whole
JOIN tie ON tie.a = tally.a AND tie.b = tally.b
JOIN strength AS one ON one.code = tally.a
JOIN strength AS other ON other.code = tally.b
LEFT JOIN force ON force.a = tally.a AND force.b = tally.b
LEFT JOIN chosen AS opening ON opening.position = tally.first
LEFT JOIN chosen AS closing ON closing.position = tally.last
LEFT JOIN record AS earliest ON earliest.id = opening.id
LEFT JOIN record AS latest ON latest.id = closing.id
LEFT JOIN subject ON subject.a = tally.a AND subject.b = tally.b
WHERE tally.records >= :minimum
ORDER BY round(tally.weight, 4) DESC, tally.records DESC, tally.a, tally.b;
