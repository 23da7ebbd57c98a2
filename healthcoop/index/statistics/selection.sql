-- What every statistic starts from: the records that match the query, in the order of records.
-- `position` numbers them from 1 by earliest day (latest, where there is none), latest day, id, date
-- as written; the least and greatest position of a group are its first and last record. `countries`
-- and `parties` are the numbers of different codes among the countries of its sides, and among all its sides.
-- `kind` and `sort_day` are copied here because rows of `record` are wide.
CREATE TEMP TABLE selection (
  position INTEGER PRIMARY KEY, id INTEGER NOT NULL,
  kind TEXT NOT NULL, sort_day TEXT, countries INTEGER NOT NULL, parties INTEGER NOT NULL
);

-- The former states that are counted as another one, filled by successor.sql.
CREATE TEMP TABLE successor (former TEXT PRIMARY KEY, code TEXT NOT NULL) WITHOUT ROWID;

-- The numbers of different codes again where a former state is counted as another one, filled by
-- recount.sql: two codes may be one.
CREATE TEMP TABLE recount (
  record INTEGER PRIMARY KEY, countries INTEGER NOT NULL, parties INTEGER NOT NULL
);

-- The numbers from 0 to 9999.
CREATE TEMP VIEW number AS
WITH digit (n) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))
SELECT 1000 * thousand.n + 100 * hundred.n + 10 * ten.n + one.n AS n
FROM digit AS thousand, digit AS hundred, digit AS ten, digit AS one;

-- The sides of records; `code` is what each is counted as. `first` and `first_key` are those of `party`;
-- `since` is the year from which a side can have rows: of its first day, but not before its state was;
-- `until` is the last year of the state it is counted as, NULL for one that exists.
CREATE TEMP VIEW side AS
SELECT party.record, party.code AS party, coalesce(successor.code, party.code) AS code,
  party.organisation, party.first, party.first_key,
  max(party.first_year, coalesce(own.first_year, 0)) AS since, counted.last_year AS until
FROM party
LEFT JOIN successor ON successor.former = party.code
LEFT JOIN term AS own ON own.vocabulary = 'countries' AND own.code = party.code
LEFT JOIN term AS counted ON counted.vocabulary = 'countries'
  AND counted.code = coalesce(successor.code, party.code)
WHERE party.side;

-- What selected records are counted by (cross.sql, summary.sql): the values of each dimension. `country`,
-- `organisation`, `region` and `m49` are those of sides; `region` is WHO's on the record's day, `m49` the
-- subregion of M49. `year` and `decade` (EDTF: 202X) are those of the day that the record counts on.
CREATE TEMP VIEW trait AS
SELECT selection.position, 'type' AS dimension, record.type AS value
FROM selection JOIN record ON record.id = selection.id WHERE record.type <> ''
UNION ALL
SELECT position, 'kind', kind FROM selection WHERE kind <> ''
UNION ALL
SELECT selection.position, 'year', CAST(record.year AS TEXT)
FROM selection JOIN record ON record.id = selection.id WHERE record.year NOT NULL
UNION ALL
SELECT selection.position, 'decade', substr(printf('%04d', record.year), 1, 3) || 'X'
FROM selection JOIN record ON record.id = selection.id WHERE record.year NOT NULL
UNION ALL
SELECT selection.position, 'lateral', record.lateral
FROM selection JOIN record ON record.id = selection.id WHERE record.lateral NOT NULL
UNION ALL
SELECT selection.position, 'collection', record.collection
FROM selection JOIN record ON record.id = selection.id WHERE record.collection <> ''
UNION ALL
SELECT selection.position, 'country', party.code
FROM selection JOIN party ON party.record = selection.id
WHERE party.side AND NOT party.organisation
UNION ALL
SELECT selection.position, 'organisation', party.code
FROM selection JOIN party ON party.record = selection.id
WHERE party.side AND party.organisation
UNION ALL
SELECT selection.position, 'topic', topic.code
FROM selection JOIN topic ON topic.record = selection.id
UNION ALL
SELECT selection.position, 'region', member.region
FROM selection
JOIN party ON party.record = selection.id AND party.side AND NOT party.organisation
JOIN member ON member.country = party.code
  AND (member.first_day IS NULL OR member.first_day <= selection.sort_day)
  AND (member.last_day IS NULL OR member.last_day >= selection.sort_day)
JOIN term ON term.vocabulary = 'regions' AND term.code = member.region
WHERE term.kind NOT LIKE 'm49-%'
UNION ALL
SELECT selection.position, 'm49', member.region
FROM selection
JOIN party ON party.record = selection.id AND party.side AND NOT party.organisation
JOIN member ON member.country = party.code
JOIN term ON term.vocabulary = 'regions' AND term.code = member.region
WHERE term.kind = 'm49-subregion';

-- The records that no table of two dimensions counts (cross.sql), filled by crowded.sql.
CREATE TEMP TABLE crowded (position INTEGER PRIMARY KEY);

-- The pairs in each selected record, a before b by code, filled by pair_record.sql; `weight` is what
-- the record adds to the weight of the pair. `first` and `first_key` are those of the side that joined
-- later, NULL where that is unknown for one of the two; `since` is the year from which the record lets
-- the pair have rows, `year` the one in which it counts, NULL for none up to that of :day.
CREATE TEMP TABLE pair_record (
  a TEXT, b TEXT, position INTEGER, id INTEGER, weight REAL,
  first TEXT, first_key TEXT, since INTEGER, year INTEGER,
  PRIMARY KEY (a, b, position)
) WITHOUT ROWID;

-- The weight of each pair, filled by pair_weight.sql.
CREATE TEMP TABLE pair_weight (a TEXT, b TEXT, weight REAL, PRIMARY KEY (a, b)) WITHOUT ROWID;

-- When each instrument of a pair was in force between the two, filled by pair_in_force.sql; the four
-- days are those of model.status.Span.
CREATE TEMP TABLE pair_in_force (
  position INTEGER, a TEXT, b TEXT,
  possible_from TEXT, certain_from TEXT, certain_until TEXT, possible_until TEXT
);

-- The numbers of records of each pair and year, filled by pair_year.sql.
CREATE TEMP TABLE pair_year (
  a TEXT, b TEXT, year INTEGER, encounters INTEGER, signed INTEGER,
  PRIMARY KEY (a, b, year)
) WITHOUT ROWID;

-- The first and last year of each pair, filled by pair_span.sql.
CREATE TEMP TABLE pair_span (
  a TEXT, b TEXT, first INTEGER, last INTEGER,
  PRIMARY KEY (a, b)
) WITHOUT ROWID;
