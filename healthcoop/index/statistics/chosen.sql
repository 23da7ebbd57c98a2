-- What every statistic starts from: the records that fit the query, by the order of records.
-- `position` counts them from 1 by earliest day (latest, where there is none), latest day, id, date
-- as written; the least and greatest position of a group are its first and last record. `countries`
-- and `parties` are the numbers of different codes among its countries, and among all its parties.
-- What is asked of each pair of a record stands here too, since `record` is wide.
CREATE TEMP TABLE chosen (
  position INTEGER PRIMARY KEY, id INTEGER NOT NULL,
  kind TEXT NOT NULL, sort_day TEXT, countries INTEGER NOT NULL, parties INTEGER NOT NULL
);

-- The former states that count as another, filled by heirs.sql.
CREATE TEMP TABLE heir (former TEXT PRIMARY KEY, code TEXT NOT NULL) WITHOUT ROWID;

-- The parties of records, `code` being what each counts as.
CREATE TEMP VIEW side AS
SELECT party.record, party.code AS party, coalesce(heir.code, party.code) AS code,
  party.organisation
FROM party LEFT JOIN heir ON heir.former = party.code;

-- The pairs that each chosen record makes, a before b by code, filled by pairings.sql; `weight` is what
-- the record counts in the pair.
CREATE TEMP TABLE pairing (
  a TEXT, b TEXT, position INTEGER, id INTEGER, weight,
  PRIMARY KEY (a, b, position)
) WITHOUT ROWID;

-- The weight of each pair, filled by ties.sql.
CREATE TEMP TABLE tie (a TEXT, b TEXT, weight, PRIMARY KEY (a, b)) WITHOUT ROWID;

-- When each instrument of a pair was in force between the two, filled by bonds.sql; the four days
-- are those of model.status.Span.
CREATE TEMP TABLE bond (
  position INTEGER, a TEXT, b TEXT,
  possible_from TEXT, certain_from TEXT, certain_until TEXT, possible_until TEXT
);

-- The numbers of records of each pair and year, filled by tallies.sql.
CREATE TEMP TABLE tally (
  a TEXT, b TEXT, year INTEGER, encounters INTEGER, signed INTEGER,
  PRIMARY KEY (a, b, year)
) WITHOUT ROWID;

-- The first and last year of each pair, filled by lives.sql.
CREATE TEMP TABLE life (
  a TEXT, b TEXT, first INTEGER, last INTEGER,
  PRIMARY KEY (a, b)
) WITHOUT ROWID;
