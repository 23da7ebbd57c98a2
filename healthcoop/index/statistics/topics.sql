-- One row a topic that a selected record has: its records, each once.
-- countries: the number of different countries among the sides of these records.
WITH
record_topic AS (
  SELECT DISTINCT selection.id, topic.code FROM selection JOIN topic ON topic.record = selection.id
),
topic_country AS (
  SELECT record_topic.code, count(DISTINCT party.code) AS countries
  FROM record_topic JOIN party ON party.record = record_topic.id AND party.side
    AND NOT party.organisation
  GROUP BY record_topic.code
)
SELECT record_topic.code AS topic,
  count(*) AS records,
  count(*) FILTER (WHERE record.kind = 'instrument') AS instruments,
  count(*) FILTER (WHERE record.kind = 'encounter') AS encounters,
  coalesce(topic_country.countries, 0) AS countries
FROM record_topic
JOIN record ON record.id = record_topic.id
LEFT JOIN topic_country ON topic_country.code = record_topic.code
GROUP BY record_topic.code, topic_country.countries
ORDER BY records DESC, record_topic.code;
