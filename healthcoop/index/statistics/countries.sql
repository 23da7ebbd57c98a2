-- One row a country, or with :organisations one an organisation: the records, bilateral or not, with
-- it among the parties.
-- partners: the number of countries it has a bilateral record with; of an organisation, that of the
--   countries and organisations it makes a pair with (pairings.sql, none).
-- possible, certain: as in pairs.sql, in force for this one party (party_span), on :day.
-- first, last: as in pairs.sql.
WITH
attendance AS (
  SELECT DISTINCT chosen.position, chosen.id, party.code
  FROM chosen JOIN party ON party.record = chosen.id AND party.organisation = :organisations
),
partner AS (
  SELECT code, count(*) AS partners
  FROM (SELECT a AS code FROM tie UNION ALL SELECT b FROM tie) GROUP BY code
),
force AS (
  SELECT attendance.code,
    count(DISTINCT attendance.position) FILTER (
      WHERE :day BETWEEN span.certain_from AND span.certain_until
    ) AS certain,
    count(DISTINCT attendance.position) FILTER (
      WHERE :day BETWEEN coalesce(span.possible_from, :day) AND coalesce(span.possible_until, :day)
    ) AS possible
  FROM attendance JOIN party_span AS span ON span.id = attendance.id AND span.code = attendance.code
  GROUP BY attendance.code
),
tally AS (
  SELECT attendance.code,
    count(*) AS records,
    sum(record.kind = 'instrument') AS instruments,
    sum(record.kind = 'encounter') AS encounters,
    min(attendance.position) FILTER (WHERE record.sort_day NOT NULL) AS first,
    max(attendance.position) FILTER (WHERE record.sort_day NOT NULL) AS last
  FROM attendance JOIN record ON record.id = attendance.id
  GROUP BY attendance.code
)
SELECT tally.code, tally.records, tally.instruments, tally.encounters,
  coalesce(partner.partners, 0) AS partners,
  coalesce(force.certain, 0) AS certain, coalesce(force.possible, 0) AS possible,
  earliest.date AS first, latest.date AS last
FROM tally
LEFT JOIN force ON force.code = tally.code
LEFT JOIN chosen AS opening ON opening.position = tally.first
LEFT JOIN chosen AS closing ON closing.position = tally.last
LEFT JOIN record AS earliest ON earliest.id = opening.id
LEFT JOIN record AS latest ON latest.id = closing.id
LEFT JOIN partner ON partner.code = tally.code
ORDER BY tally.records DESC, tally.code;
