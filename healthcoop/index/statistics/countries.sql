-- One row a country, or with :organisations an organisation: the records, bilateral or not, with it
-- among the sides.
-- partners: the number of countries it has a bilateral record with; for an organisation, that of the
--   countries and organisations it forms a pair with (pair_record.sql, none).
-- in_force: the instruments in force for this party (party_span) on :day; possible includes certain.
-- first, last: the first and last of the dates from which the party is a side of a record, in the order
--   of pairs.sql; NULL where none is known.
WITH
membership AS (
  SELECT selection.position, selection.id, party.code, party.first,
    min(party.first_key) || printf(' %015d', selection.position) AS first_key
  FROM selection JOIN party ON party.record = selection.id AND party.side
    AND party.organisation = :organisations
  GROUP BY selection.position, selection.id, party.code
),
partner AS (
  SELECT code, count(*) AS partners
  FROM (SELECT a AS code FROM pair_weight UNION ALL SELECT b FROM pair_weight) GROUP BY code
),
force AS (
  SELECT membership.code,
    count(DISTINCT membership.position) FILTER (
      WHERE :day BETWEEN span.certain_from AND span.certain_until
    ) AS certain,
    count(DISTINCT membership.position) FILTER (
      WHERE :day BETWEEN coalesce(span.possible_from, :day) AND coalesce(span.possible_until, :day)
    ) AS possible
  FROM membership JOIN party_span AS span ON span.id = membership.id AND span.code = membership.code
  GROUP BY membership.code
),
counts AS (
  SELECT membership.code,
    count(*) AS records,
    count(*) FILTER (WHERE record.kind = 'instrument') AS instruments,
    count(*) FILTER (WHERE record.kind = 'encounter') AS encounters
  FROM membership JOIN record ON record.id = membership.id
  GROUP BY membership.code
),
earliest AS (SELECT code, first, min(first_key) FROM membership GROUP BY code),
latest AS (SELECT code, first, max(first_key) FROM membership GROUP BY code)
SELECT counts.code, counts.records, counts.instruments, counts.encounters,
  coalesce(partner.partners, 0) AS partners,
  json_object('certain', coalesce(force.certain, 0), 'possible', coalesce(force.possible, 0))
    AS in_force,
  earliest.first, latest.first AS last
FROM counts
LEFT JOIN force ON force.code = counts.code
JOIN earliest ON earliest.code = counts.code
JOIN latest ON latest.code = counts.code
LEFT JOIN partner ON partner.code = counts.code
ORDER BY counts.records DESC, counts.code;
