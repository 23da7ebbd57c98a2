-- The index: one SQLite database, derived from the files, which may be deleted at any time.
-- Tables are internal and have singular names; what others may rely on are the views of views.sql.
-- Days are ISO text (2022-10-07), which sorts as the days do. `record` is the id of a row of `record`
-- and of `file`: a file is one record.

-- What the index was built by and from; if any of these values differs, the index is rebuilt. `state`
-- is a hash of the paths and stamps of all files, NULL where that of the next scan may be another.
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value
) WITHOUT ROWID;

-- Every record file, valid or not, and every file under schema/. `stamp` is a hash of mode, size,
-- mtime, ctime and inode, NULL where the file must be read again next time; `hash` is one of the
-- content, NULL where it could not be read.
CREATE TABLE file (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  stamp INTEGER,
  hash BLOB
);

-- Why a file is not a valid record, and where in it.
CREATE TABLE problem (
  file INTEGER PRIMARY KEY,
  line INTEGER NOT NULL,
  column INTEGER NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL
);

-- What filters, sorting and counting need; narrow, because it is scanned: the rest of the record is in
-- `document`. `earliest` and `latest` are NULL where the date is open; `sort_day` is the
-- earliest day, else the latest. `countries` and `parties` are the numbers of different countries, and
-- of different countries and organisations, among the sides; `lateral` goes by the first: two, more,
-- or fewer beside an organisation. `filled` has a bit for each field of filled.FILLED that is present. The
-- last six are for instruments: the span of model.status without what links do to it, the latest
-- stated start, and what is stated about the end (model.succession.stated_end).
CREATE TABLE record (
  id INTEGER PRIMARY KEY,
  ident TEXT NOT NULL,
  type TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  date TEXT,
  earliest TEXT,
  latest TEXT,
  sort_day TEXT,
  year INTEGER,
  lateral TEXT,
  withdrawn BOOLEAN NOT NULL,
  collection TEXT NOT NULL,
  countries INTEGER NOT NULL,
  parties INTEGER NOT NULL,
  filled INTEGER NOT NULL,
  possible_from TEXT,
  certain_from TEXT,
  certain_until TEXT,
  possible_until TEXT,
  stated_from TEXT,
  stated_end TEXT
);

-- link_effects.py looks up the records that links name.
CREATE INDEX named ON record (ident);

-- The record's data as compact JSON, as the file has it.
CREATE TABLE document (
  id INTEGER PRIMARY KEY,
  data TEXT NOT NULL
);

-- The first and last day that the date of a record can mean when widened as its qualifier (~ ? %)
-- asks for (model.dates.widen), where that differs from `earliest` and `latest`.
CREATE TABLE widened (
  record INTEGER PRIMARY KEY, earliest TEXT, latest TEXT
);

-- The parts of records; `position` counts from 0 in the file's order. `side` is 0 for observers and
-- depositaries. `first` is the date from which a side belongs to the record (model.first_day), NULL
-- where it is unknown; `first_key` sorts as such dates do, being the day it counts on and the latest;
-- `first_year` is its year, or, where it is unknown, the record's: the side joined no earlier.
CREATE TABLE party (
  record INTEGER, position INTEGER, code TEXT NOT NULL, organisation BOOLEAN NOT NULL,
  side BOOLEAN NOT NULL, role TEXT, level TEXT, signed TEXT, ratified TEXT, acceded TEXT, in_force TEXT, "left" TEXT,
  first TEXT, first_key TEXT, first_year INTEGER,
  PRIMARY KEY (record, position)
) WITHOUT ROWID;

CREATE INDEX of_party ON party (code);

CREATE TABLE body (
  record INTEGER, party INTEGER, position INTEGER, name TEXT NOT NULL,
  PRIMARY KEY (record, party, position)
) WITHOUT ROWID;

-- The territories to which a party extends the text.
CREATE TABLE extension (
  record INTEGER, party INTEGER, position INTEGER, code TEXT NOT NULL,
  PRIMARY KEY (record, party, position)
) WITHOUT ROWID;

CREATE TABLE person (
  record INTEGER, position INTEGER, name TEXT NOT NULL, native_name TEXT, role TEXT, party TEXT,
  signed BOOLEAN NOT NULL, wikidata TEXT, folded TEXT NOT NULL,
  PRIMARY KEY (record, position)
) WITHOUT ROWID;

CREATE TABLE topic (
  record INTEGER, position INTEGER, code TEXT NOT NULL,
  PRIMARY KEY (record, position)
) WITHOUT ROWID;

CREATE TABLE outcome (
  record INTEGER, position INTEGER, text TEXT NOT NULL,
  PRIMARY KEY (record, position)
) WITHOUT ROWID;

CREATE TABLE place (
  record INTEGER, position INTEGER, city TEXT, country TEXT, venue TEXT,
  PRIMARY KEY (record, position)
) WITHOUT ROWID;

CREATE TABLE source (
  record INTEGER, position INTEGER, url TEXT NOT NULL, kind TEXT, publisher TEXT, title TEXT,
  published TEXT, accessed TEXT, archived TEXT, language TEXT,
  PRIMARY KEY (record, position)
) WITHOUT ROWID;

-- `target` is the id that the file names, perhaps a former one; NULL for what is not in the set.
CREATE TABLE link (
  record INTEGER, position INTEGER, rel TEXT NOT NULL, target TEXT, title TEXT, date TEXT, url TEXT,
  PRIMARY KEY (record, position)
) WITHOUT ROWID;

CREATE TABLE identifier (
  record INTEGER, position INTEGER, scheme TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (record, position)
) WITHOUT ROWID;

CREATE TABLE former (
  record INTEGER, position INTEGER, ident TEXT NOT NULL,
  PRIMARY KEY (record, position)
) WITHOUT ROWID;

CREATE INDEX renamed ON former (ident);

-- The words of records, folded by model.folding and not stored: deleting a row needs the same words
-- again. A pilcrow separates two texts, so that no phrase matches across them.
CREATE VIRTUAL TABLE words USING fts5 (
  text, content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 0 tokenchars '¶'"
);

-- The vocabularies: whole, as JSON, and one row an entry. `folded_into` is where the chain of
-- `folds_into` ends; `starts` and `ends` are EDTF as in the file, `first_year` and `last_year` their
-- years.
CREATE TABLE vocabulary (data TEXT NOT NULL);

CREATE TABLE term (
  vocabulary TEXT, code TEXT, label TEXT NOT NULL, definition TEXT NOT NULL, kind TEXT NOT NULL,
  starts TEXT, ends TEXT, folded_into TEXT, alpha3 TEXT, official_name TEXT, crs TEXT,
  first_year INTEGER, last_year INTEGER,
  PRIMARY KEY (vocabulary, code)
) WITHOUT ROWID;

-- The first and last day on which a country counts in a region; NULL where there is no link_effect.
CREATE TABLE member (
  region TEXT, country TEXT, first_day TEXT, last_day TEXT, starts TEXT, ends TEXT
);

CREATE INDEX of_country ON member (country);

-- The few links that affect the days of instruments, for link_effects.py.
CREATE INDEX binding ON link (target)
WHERE rel IN ('supersedes', 'terminates', 'renews', 'amends');

-- How the links of other records limit an instrument's days (model.status.Bounds), where they do;
-- link_effects.py computes it again for a changed record and all that such links connect with it.
CREATE TABLE link_effect (
  record INTEGER PRIMARY KEY, certain_before TEXT, possible_until TEXT, words TEXT NOT NULL
);

-- The days of a side whose own dates, or the consent that others state, narrow those of the
-- instrument: each side once, and only where they do. `certain_until` is without links; `left_until`
-- is the last day it may have been a party. An observer or depositary has no row, here or in party_span.
CREATE TABLE party_period (
  record INTEGER, code TEXT, possible_from TEXT, certain_from TEXT, certain_until TEXT,
  left_until TEXT,
  PRIMARY KEY (record, code)
) WITHOUT ROWID;
