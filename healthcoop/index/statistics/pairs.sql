-- One row a pair of parties, a before b by code: the records that count for it (pair_record.sql).
-- weight: the sum of what these records count for the pair: their number, unless :multilateral is
--   'fractional'.
-- in_force: the instruments among them in force between the two on :day (pair_in_force.sql);
--   possible includes certain.
-- first, last: the first and last of the dates from which both are sides of a record, with their day
--   and their latest day in order; NULL where none is known.
-- topics: the codes of all topics of all records, with repetitions, as a JSON array.
-- affinity: observed over expected weight, the association strength of van Eck and Waltman 2009,
--   doi 10.1002/asi.21075: w_ab * 2W / (s_a * s_b), s being a party's weight over all its pairs and
--   W the weight of all pairs. 1 means together as often as chance would have it; 4 digits. It is
--   computed from `pair_weight`: all pairs, whichever parties are selected, however few records
--   they have. Over the pairs of one country alone, its affinity to each partner would always be 2.
-- years_since_encounter: from the last encounter up to :day, by its earliest day (latest, where
--   there is none), to :day, in years of 365.2425 days; 1 digit, NULL where there was none.
WITH
half AS (SELECT a AS code, weight FROM pair_weight UNION ALL SELECT b, weight FROM pair_weight),
strength AS (SELECT code, sum(weight) AS weight FROM half GROUP BY code),
total AS (SELECT sum(weight) AS weight FROM pair_weight),
force AS (
  SELECT a, b,
    count(DISTINCT position) FILTER (WHERE :day BETWEEN certain_from AND certain_until) AS certain,
    count(DISTINCT position) FILTER (
      WHERE :day BETWEEN coalesce(possible_from, :day) AND coalesce(possible_until, :day)
    ) AS possible
  FROM pair_in_force GROUP BY a, b
),
counts AS (
  SELECT pair_record.a, pair_record.b,
    count(*) AS records,
    count(*) FILTER (WHERE selection.kind = 'instrument') AS instruments,
    count(*) FILTER (WHERE selection.kind = 'encounter') AS encounters,
    sum(pair_record.weight) AS weight,
    max(selection.sort_day) FILTER (
      WHERE selection.kind = 'encounter' AND selection.sort_day <= :day
    ) AS met,
    min(first_key || printf(' %015d', pair_record.position)) AS earliest,
    max(first_key || printf(' %015d', pair_record.position)) AS latest
  FROM pair_record
  JOIN selection ON selection.position = pair_record.position
  GROUP BY pair_record.a, pair_record.b
),
pair_topic AS (
  SELECT pair_record.a, pair_record.b, json_group_array(topic.code) AS topics
  FROM pair_record JOIN topic ON topic.record = pair_record.id
  GROUP BY pair_record.a, pair_record.b
)
SELECT counts.a, counts.b, counts.records, counts.instruments, counts.encounters,
  CASE WHEN :multilateral = 'fractional' THEN round(counts.weight + 1e-9, 4) ELSE counts.records END
    AS weight,
  json_object('certain', coalesce(force.certain, 0), 'possible', coalesce(force.possible, 0))
    AS in_force,
  earliest.first, latest.first AS last, coalesce(pair_topic.topics, '[]') AS topics,
  round(pair_weight.weight * 2.0 * total.weight / (one.weight * other.weight) + 1e-9, 4) AS affinity,
  round((julianday(:day) - julianday(counts.met)) / 365.2425, 1) AS years_since_encounter
FROM counts
JOIN total
JOIN pair_weight ON pair_weight.a = counts.a AND pair_weight.b = counts.b
JOIN strength AS one ON one.code = counts.a
JOIN strength AS other ON other.code = counts.b
LEFT JOIN force ON force.a = counts.a AND force.b = counts.b
LEFT JOIN pair_record AS earliest ON earliest.a = counts.a AND earliest.b = counts.b
  AND earliest.position = CAST(substr(counts.earliest, -15) AS INTEGER)
LEFT JOIN pair_record AS latest ON latest.a = counts.a AND latest.b = counts.b
  AND latest.position = CAST(substr(counts.latest, -15) AS INTEGER)
LEFT JOIN pair_topic ON pair_topic.a = counts.a AND pair_topic.b = counts.b
WHERE counts.records >= :minimum
ORDER BY round(counts.weight + 1e-9, 4) DESC, counts.records DESC, counts.a, counts.b;
