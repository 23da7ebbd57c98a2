-- One row a country, or with :organisations an organisation: the records, bilateral or not, with it
-- among the sides.
-- partners: the number of countries it has a bilateral record with; for an organisation, that of the
--   countries and organisations it forms a pair with (pair_record.sql, none).
-- in_force: the instruments in force for this party (party_span) on :day; possible includes certain.
-- first, last: as in pairs.sql.
WITH
membership AS (
  SELECT DISTINCT selection.position, selection.id, party.code
  FROM selection JOIN party ON party.record = selection.id AND party.side
    AND party.organisation = :organisations
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
    sum(record.kind = 'instrument') AS instruments,
    sum(record.kind = 'encounter') AS encounters,
    min(membership.position) FILTER (WHERE record.sort_day NOT NULL) AS first,
    max(membership.position) FILTER (WHERE record.sort_day NOT NULL) AS last
  FROM membership JOIN record ON record.id = membership.id
  GROUP BY membership.code
)
SELECT counts.code, counts.records, counts.instruments, counts.encounters,
  coalesce(partner.partners, 0) AS partners,
  json_object('certain', coalesce(force.certain, 0), 'possible', coalesce(force.possible, 0))
    AS in_force,
  earliest.date AS first, latest.date AS last
FROM counts
LEFT JOIN force ON force.code = counts.code
LEFT JOIN selection AS opening ON opening.position = counts.first
LEFT JOIN selection AS closing ON closing.position = counts.last
LEFT JOIN record AS earliest ON earliest.id = opening.id
LEFT JOIN record AS latest ON latest.id = closing.id
LEFT JOIN partner ON partner.code = counts.code
ORDER BY counts.records DESC, counts.code;
