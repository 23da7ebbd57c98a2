-- One row a country: the records, bilateral or not, with it among the parties.
-- partners: the number of countries it has a bilateral record with (company.sql, none).
-- possible, certain: the instruments in force for the country on :day (party_span).
-- first, last: as in pairs.sql.
WITH
member AS (
  SELECT DISTINCT chosen.position, chosen.id, party.code
  FROM chosen JOIN party ON party.record = chosen.id AND NOT party.organisation
),
partner AS (
  SELECT one.code, count(DISTINCT other.code) AS partners
  FROM company AS one
  JOIN company AS other ON other.position = one.position AND other.code <> one.code
  GROUP BY one.code
),
tally AS (
  SELECT member.code,
    count(*) AS records,
    sum(record.kind = 'instrument') AS instruments,
    sum(record.kind = 'encounter') AS encounters,
    count(span.id) FILTER (
      WHERE :day BETWEEN span.certain_from AND span.certain_until
    ) AS certain,
    count(span.id) FILTER (
      WHERE :day BETWEEN coalesce(span.possible_from, :day) AND coalesce(span.possible_until, :day)
    ) AS possible,
    min(member.position) FILTER (WHERE record.sort_day NOT NULL) AS first,
    max(member.position) FILTER (WHERE record.sort_day NOT NULL) AS last
  FROM member
  JOIN record ON record.id = member.id
  LEFT JOIN (
    SELECT DISTINCT id, code, possible_from, certain_from, certain_until, possible_until
    FROM party_span WHERE NOT organisation
  ) AS span ON span.id = member.id AND span.code = member.code
  GROUP BY member.code
)
SELECT tally.code AS country, tally.records, tally.instruments, tally.encounters,
  coalesce(partner.partners, 0) AS partners, tally.certain, tally.possible,
  earliest.date AS first, latest.date AS last
FROM tally
LEFT JOIN chosen AS opening ON opening.position = tally.first
LEFT JOIN chosen AS closing ON closing.position = tally.last
LEFT JOIN record AS earliest ON earliest.id = opening.id
LEFT JOIN record AS latest ON latest.id = closing.id
LEFT JOIN partner ON partner.code = tally.code
ORDER BY tally.records DESC, tally.code;
