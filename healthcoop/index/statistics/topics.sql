-- One row a topic that a chosen record has: its records, each once.
-- countries: the number of different countries among the parties of these records.
WITH
subject AS (
  SELECT DISTINCT chosen.id, topic.code FROM chosen JOIN topic ON topic.record = chosen.id
),
land AS (
  SELECT subject.code, count(DISTINCT party.code) AS countries
  FROM subject JOIN party ON party.record = subject.id AND NOT party.organisation
  GROUP BY subject.code
)
SELECT subject.code AS topic,
  count(*) AS records,
  sum(record.kind = 'instrument') AS instruments,
  sum(record.kind = 'encounter') AS encounters,
  coalesce(land.countries, 0) AS countries
FROM subject
JOIN record ON record.id = subject.id
LEFT JOIN land ON land.code = subject.code
GROUP BY subject.code
ORDER BY records DESC, subject.code;
