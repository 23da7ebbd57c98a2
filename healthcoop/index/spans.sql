-- When instruments were in force, for those who count and filter, in the index and elsewhere
-- (healthcoop/index/engines).

-- The four days of every instrument, links included: model.status.span(record, links=...). Where
-- certain_from is after certain_until, no day is certain.
CREATE VIEW span AS
SELECT record.id, record.possible_from, record.certain_from,
  CASE WHEN link_effect.record IS NULL THEN record.certain_until ELSE min(
    record.certain_until, coalesce(date(link_effect.certain_before, '-1 day'), '9999-12-31'),
    coalesce(link_effect.possible_until, '9999-12-31')
  ) END AS certain_until,
  CASE WHEN link_effect.record IS NULL THEN record.possible_until ELSE link_effect.possible_until
  END AS possible_until
FROM record LEFT JOIN link_effect ON link_effect.record = record.id
WHERE record.kind = 'instrument';

-- The same for each country or organisation that is a side, its own dates included; for any other party
-- the instrument is never in force: model.status.span(record, party=..., links=...).
CREATE VIEW party_span AS
SELECT span.id, party.code, party.organisation,
  CASE WHEN own.record IS NULL THEN span.possible_from ELSE own.possible_from END AS possible_from,
  CASE WHEN own.record IS NULL THEN span.certain_from ELSE own.certain_from END AS certain_from,
  CASE WHEN own.record IS NULL THEN span.certain_until
    ELSE min(own.certain_until, span.certain_until) END AS certain_until,
  CASE WHEN own.left_until IS NULL THEN span.possible_until
    ELSE min(own.left_until, coalesce(span.possible_until, '9999-12-31')) END AS possible_until
FROM span
JOIN party ON party.record = span.id AND party.side
LEFT JOIN party_period AS own ON own.record = party.record AND own.code = party.code;
