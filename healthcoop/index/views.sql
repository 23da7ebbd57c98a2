-- The views that `healthcoop sql` may read. The comment above a view and those beside its columns are
-- printed by `healthcoop sql --schema`; a test checks that every column has one.

-- One row a record. Withdrawn ones are marked, not left out: add WHERE NOT withdrawn.
CREATE VIEW records (
  id, -- the record's id
  date, -- when it was signed or took place, EDTF
  earliest, -- the first day the date can mean; NULL when open
  latest, -- the last day the date can mean; NULL when open
  year, -- the year it counts in: of the earliest day, else of the latest
  type, -- a code of types
  kind, -- instrument or encounter
  title, -- what happened
  summary, -- what it was about
  official_title, -- the instrument's own name
  lateral, -- bilateral (two countries), multilateral (more), organisation (fewer, beside one)
  countries, -- the number of different countries among the sides
  collection, -- a code of collections
  text_url, -- where the instrument's text is
  possible_from, -- before this day it was not in force (instruments); NULL: no bound
  certain_from, -- from this day it was certainly in force, to certain_until; NULL: on no day
  certain_until, -- the last day on which it was certainly in force; NULL: on no day
  possible_until, -- after this day it was not in force; NULL: no bound
  notes, -- what else a curator must know
  path, -- the record's file, below the root
  withdrawn -- 1 for a record that no longer counts, else 0
) AS
SELECT record.ident, record.date, record.earliest, record.latest, record.year, record.type,
  record.kind, record.title, json_extract(document.data, '$.summary'),
  json_extract(document.data, '$.official_title.text'), record.lateral, record.countries,
  record.collection, json_extract(document.data, '$.text_url'), span.possible_from,
  CASE WHEN span.certain_from <= span.certain_until THEN span.certain_from END,
  CASE WHEN span.certain_from <= span.certain_until THEN span.certain_until END,
  span.possible_until, json_extract(document.data, '$.notes'), file.path,
  record.withdrawn
FROM record
JOIN document ON document.id = record.id
JOIN file ON file.id = record.id
LEFT JOIN span ON span.id = record.id;

-- One row a party of a record.
CREATE VIEW parties (
  record, -- the record's id
  position, -- its place in the file, from 0
  code, -- the country's or organisation's code
  kind, -- country or organisation
  label, -- the name of it
  side, -- 1 for a side, 0 for an observer or a depositary, which count nowhere
  role, -- host, signatory, observer or depositary
  level, -- subnational, if a part of the state acted
  signed, -- the party's own date of signature, EDTF or unknown
  ratified, -- its own date of ratification
  acceded, -- its own date of accession
  in_force, -- when it came into force for the party
  "left", -- when the party left
  withdrawn -- 1 when the record is withdrawn
) AS
SELECT record.ident, party.position, party.code,
  CASE WHEN party.organisation THEN 'organisation' ELSE 'country' END,
  coalesce(term.label, party.code), party.side, party.role, party.level, party.signed, party.ratified, party.acceded,
  party.in_force, party."left", record.withdrawn
FROM party
JOIN record ON record.id = party.record
LEFT JOIN term ON term.code = party.code
  AND term.vocabulary = CASE WHEN party.organisation THEN 'organisations' ELSE 'countries' END;

-- One row a ministry, hospital, embassy ... that acted for a party.
CREATE VIEW bodies (
  record, -- the record's id
  party, -- the party's code
  name, -- the body's name
  withdrawn -- 1 when the record is withdrawn
) AS
SELECT record.ident, party.code, body.name, record.withdrawn
FROM body
JOIN record ON record.id = body.record
JOIN party ON party.record = body.record AND party.position = body.party;

-- One row a territory to which a party extends the text of a record; it is not a party itself.
CREATE VIEW extensions (
  record, -- the record's id
  party, -- the party's code
  territory, -- the territory's code
  withdrawn -- 1 when the record is withdrawn
) AS
SELECT record.ident, party.code, extension.code, record.withdrawn
FROM extension
JOIN record ON record.id = extension.record
JOIN party ON party.record = extension.record AND party.position = extension.party;

-- One row an instrument that states how long it lasts, or of which that was searched for.
CREATE VIEW terms (
  record, -- the record's id
  in_force, -- when it entered into force: EDTF, none (not by the day in checked) or unknown
  provisional, -- from when it was applied provisionally, EDTF
  term, -- how long it runs: an ISO 8601 duration, indefinite or unknown
  period, -- the interval that it states, EDTF, or unknown
  renewal, -- what happens at the end of the term: automatic, by-agreement, none or unknown
  renewal_term, -- for how long it is renewed each time, an ISO 8601 duration
  notice, -- how long before the end a party must give notice, an ISO 8601 duration
  ended, -- when it ended: EDTF, none or unknown
  end_reason, -- why: expired, terminated or superseded
  checked, -- the day of the last check, EDTF
  withdrawn -- 1 when the record is withdrawn
) AS
SELECT record.ident, json_extract(document.data, '$.terms.in_force'), json_extract(document.data, '$.terms.provisional'),
  json_extract(document.data, '$.terms.term'), json_extract(document.data, '$.terms.period'),
  json_extract(document.data, '$.terms.renewal'), json_extract(document.data, '$.terms.renewal_term'),
  json_extract(document.data, '$.terms.notice'), json_extract(document.data, '$.terms.ended'),
  json_extract(document.data, '$.terms.end_reason'), json_extract(document.data, '$.terms.checked'), record.withdrawn
FROM record
JOIN document ON document.id = record.id
WHERE json_extract(document.data, '$.terms') NOT NULL;

-- One row a sum of money that a source states.
CREATE VIEW funding (
  record, -- the record's id
  position, -- the place in the file, from 0
  amount, -- a decimal number, as text
  currency, -- ISO 4217
  payer, -- the code of the party that pays; the file's field "from"
  kind, -- grant, loan, pledge or budget
  note, -- what it is for, or over how long
  withdrawn -- 1 when the record is withdrawn
) AS
SELECT record.ident, money.key, json_extract(money.value, '$.amount'), json_extract(money.value, '$.currency'),
  json_extract(money.value, '$.from'), json_extract(money.value, '$.kind'), json_extract(money.value, '$.note'), record.withdrawn
FROM record
JOIN document ON document.id = record.id
JOIN json_each(document.data, '$.funding') AS money;

-- One row a person of a record, in an official act.
CREATE VIEW people (
  record, -- the record's id
  position, -- the place in the file, from 0
  name, -- the name in Latin letters
  native_name, -- the name as written at home
  role, -- the office
  party, -- the party's code
  signed, -- 1 for who signed
  wikidata, -- the person's item on Wikidata
  folded, -- both names without accents and capitals, for LIKE
  withdrawn -- 1 when the record is withdrawn
) AS
SELECT record.ident, person.position, person.name, person.native_name, person.role, person.party,
  person.signed, person.wikidata, person.folded, record.withdrawn
FROM person JOIN record ON record.id = person.record;

-- One row a topic of a record; the list of all topics is topic_codes.
CREATE VIEW topics (
  record, -- the record's id
  code, -- a code of topic_codes
  label, -- its name
  withdrawn -- 1 when the record is withdrawn
) AS
SELECT record.ident, topic.code, coalesce(term.label, topic.code), record.withdrawn
FROM topic
JOIN record ON record.id = topic.record
LEFT JOIN term ON term.code = topic.code AND term.vocabulary = 'topics';

-- One row a thing promised, given or decided.
CREATE VIEW outcomes (
  record, -- the record's id
  position, -- the place in the file, from 0
  text, -- the outcome
  withdrawn -- 1 when the record is withdrawn
) AS
SELECT record.ident, outcome.position, outcome.text, record.withdrawn
FROM outcome JOIN record ON record.id = outcome.record;

-- One row a place of a record.
CREATE VIEW places (
  record, -- the record's id
  city, -- the city
  country, -- the country's code
  venue, -- the house, hall or hospital
  withdrawn -- 1 when the record is withdrawn
) AS
SELECT record.ident, place.city, place.country, place.venue, record.withdrawn
FROM place JOIN record ON record.id = place.record;

-- One row a source of a record.
CREATE VIEW sources (
  record, -- the record's id
  position, -- the place in the file, from 0
  url, -- its address
  kind, -- official, agency, press, database or copy
  publisher, -- who published it
  title, -- its title
  published, -- when it was published, EDTF
  accessed, -- when it was read
  archived, -- the address of a copy kept elsewhere
  language, -- its language, BCP 47
  withdrawn -- 1 when the record is withdrawn
) AS
SELECT record.ident, source.position, source.url, source.kind, source.publisher, source.title,
  source.published, source.accessed, source.archived, source.language, record.withdrawn
FROM source JOIN record ON record.id = source.record;

-- One row a link from a record to another, or to what is not in the data set.
CREATE VIEW links (
  record, -- the id of the record that has the link
  rel, -- signed-at, part-of, implements, amends, renews, supersedes, terminates ...
  target, -- the id of the other record as it is today; NULL when it is not in the data set
  title, -- the title of what is not in the data set
  date, -- its date
  url, -- its address
  withdrawn -- 1 when the record that has the link is withdrawn
) AS
SELECT record.ident, link.rel,
  CASE WHEN link.target IN (SELECT ident FROM record) THEN link.target
    ELSE coalesce((
      SELECT min(renamed.ident) FROM former JOIN record AS renamed ON renamed.id = former.record
      WHERE former.ident = link.target
    ), link.target) END,
  link.title, link.date, link.url, record.withdrawn
FROM link JOIN record ON record.id = link.record;

-- One row a number by which a register knows a record.
CREATE VIEW identifiers (
  record, -- the record's id
  scheme, -- unts, lnts, uk-treaties, wikidata, doi ...
  value, -- the number
  withdrawn -- 1 when the record is withdrawn
) AS
SELECT record.ident, identifier.scheme, identifier.value, record.withdrawn
FROM identifier JOIN record ON record.id = identifier.record;

-- One row a former id, which now means the record.
CREATE VIEW former_ids (
  former_id, -- the id that was
  record -- the id that is
) AS
SELECT former.ident, record.ident FROM former JOIN record ON record.id = former.record;

-- States, territories and former states.
CREATE VIEW countries (
  code, -- ISO 3166-1 alpha-2, XK, or the code of a former state
  alpha3, -- ISO 3166-1 alpha-3
  label, -- its name
  official_name, -- its official name
  kind, -- state, territory or former
  starts, -- when it came to be, EDTF; NULL when it existed throughout
  ends, -- when it ceased to be, EDTF
  folded_into -- the state a former one is counted with on request
) AS
SELECT code, alpha3, label, official_name, kind, starts, ends, folded_into
FROM term WHERE vocabulary = 'countries';

-- Intergovernmental bodies.
CREATE VIEW organisations (
  code, -- its code here
  label, -- its name
  definition, -- what it is
  kind, -- un-agency, regional, forum ...
  starts, -- since when it exists, EDTF
  ends -- until when
) AS
SELECT code, label, definition, kind, starts, ends FROM term WHERE vocabulary = 'organisations';

-- One row a country's membership of a region, WHO's or one of the United Nations' M49.
CREATE VIEW regions (
  code, -- the region's code: EUR, 143
  label, -- its name
  kind, -- who, m49-global, m49-region, m49-subregion or m49-intermediate
  country, -- the member's code; a former state by the state that it folds into or its successors
  starts, -- since when it is a member, EDTF; NULL: from the region's beginning
  ends -- until when; NULL: to this day
) AS
SELECT member.region, term.label, term.kind, member.country, member.starts, member.ends
FROM member JOIN term ON term.code = member.region AND term.vocabulary = 'regions';

-- Types of event.
CREATE VIEW types (
  code, -- its code
  label, -- its name
  kind, -- instrument or encounter
  definition -- what counts as one
) AS
SELECT code, label, kind, definition FROM term WHERE vocabulary = 'types';

-- All topics that a record can have.
CREATE VIEW topic_codes (
  code, -- its code
  label, -- its name
  definition, -- what belongs to it
  crs -- the OECD's purpose code for aid to it
) AS
SELECT code, label, definition, crs FROM term WHERE vocabulary = 'topics';

-- How batches of records were collected.
CREATE VIEW collections (
  code, -- its code
  label, -- its name
  definition -- what it contains
) AS
SELECT code, label, definition FROM term WHERE vocabulary = 'collections';

-- Files that are no records here, and why.
CREATE VIEW problems (
  path, -- the file, below the root
  line, -- from 1
  "column", -- from 1, in characters
  code, -- the rule that it breaks
  message -- what is wrong
) AS
SELECT file.path, problem.line, problem."column", problem.code, problem.message
FROM problem JOIN file ON file.id = problem.file;
