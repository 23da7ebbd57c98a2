-- What every statistic starts from: the records that fit the query, by the order of records.
-- `position` counts them from 1 by earliest day (latest, where there is none), latest day, id, date
-- as written; the least and greatest position of a group are its first and last record.
CREATE TEMP TABLE chosen (position INTEGER PRIMARY KEY, id INTEGER NOT NULL);

-- The parties of chosen records that make pairs, each code once a record, filled by company.sql;
-- `others` is the number of the rest.
CREATE TEMP TABLE company (
  position INTEGER, id INTEGER, code TEXT, others INTEGER,
  PRIMARY KEY (position, code)
) WITHOUT ROWID;

-- The weight of each pair, a before b by code, filled by ties.sql.
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
