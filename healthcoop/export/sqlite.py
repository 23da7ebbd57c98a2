"""SQLite: the long tables with keys, indexes, full text and views; what Datasette shows of them.

https://docs.datasette.io/en/stable/metadata.html
"""

import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from healthcoop.errors import NotExportable
from healthcoop.export.extract import Extract
from healthcoop.export.records import BESIDE
from healthcoop.index.long_tables import LongTable, long_tables, open_long_tables

_TYPES = {"integer": "INTEGER", "number": "REAL", "flag": "INTEGER"}
_INDEXED = {
    "records": ("earliest", "year", "type", "collection", "possible_from"),
    **{"parties": ("code",), "dyads": ("a", "b"), "topics": ("code",), "links": ("target",)},
    **{"people": ("name", "party"), "places": ("country",), "identifiers": ("value",)},
    "sources": ("publisher",),
}
"""Columns that are searched by, beside keys and references."""

_SCRIPT = """
CREATE VIRTUAL TABLE records_fts USING fts5(
  title, summary, official_title, content="records", tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO records_fts (records_fts) VALUES ('rebuild');

CREATE VIEW pairs AS
SELECT dyads.a, dyads.b, count(*) AS records, sum(records.kind = 'instrument') AS instruments,
  sum(records.kind = 'encounter') AS encounters, min(dyads.year) AS first_year,
  max(dyads.year) AS last_year
FROM dyads JOIN records ON records.id = dyads.record
WHERE records.countries = 2
  AND dyads.a IN (SELECT code FROM countries) AND dyads.b IN (SELECT code FROM countries)
GROUP BY dyads.a, dyads.b
ORDER BY records DESC, dyads.a, dyads.b;

CREATE VIEW years AS
SELECT year, count(*) AS records, sum(kind = 'instrument') AS instruments,
  sum(kind = 'encounter') AS encounters
FROM records WHERE year NOT NULL GROUP BY year ORDER BY year;
"""
_VIEWS = {
    "pairs": "Pairs of countries by the bilateral records: exactly two countries among the sides.",
    "years": "Records by the year that they count in.",
}
_QUERIES = {
    "partners": {
        "title": "Partners of a country or organisation",
        "description": "By the number of records together; a code such as AZ or WHO.",
        "params": ["code"],
        "sql": (
            "SELECT CASE WHEN a = :code THEN b ELSE a END AS partner, count(*) AS records,\n"
            "  sum(records.kind = 'instrument') AS instruments\n"
            "FROM dyads JOIN records ON records.id = dyads.record\n"
            "WHERE :code IN (a, b)\n"
            "GROUP BY partner ORDER BY records DESC, partner"
        ),
    },
    "in_force": {
        "title": "Instruments in force on a day",
        "description": "Certain, or possible where what is known does not decide; a day such as"
        " 2020-01-01.",
        "params": ["day"],
        "sql": (
            "SELECT id, title, date,\n"
            "  CASE WHEN :day BETWEEN certain_from AND certain_until THEN 'certain'\n"
            "    ELSE 'possible' END AS status\n"
            "FROM records\n"
            "WHERE kind = 'instrument' AND :day >= coalesce(possible_from, :day)\n"
            "  AND :day <= coalesce(possible_until, :day)\n"
            "ORDER BY earliest, id"
        ),
    },
    "pair_by_year": {
        "title": "Two parties year by year",
        "description": "Codes such as AZ and TR.",
        "params": ["one", "other"],
        "sql": (
            "SELECT records.year, count(*) AS records,\n"
            "  sum(records.kind = 'instrument') AS instruments\n"
            "FROM dyads JOIN records ON records.id = dyads.record\n"
            "WHERE a = min(:one, :other) AND b = max(:one, :other)\n"
            "GROUP BY records.year ORDER BY records.year"
        ),
    },
}
_FACETS = {
    "records": ["type", "kind", "lateral", "collection"],
    **{"parties": ["kind", "role"], "topics": ["label"], "sources": ["kind", "language"]},
    **{"links": ["rel"], "people": ["party"]},
}


def write(extract: Extract, target: Path) -> None:
    """Write a database with every long table, a full text index, views, and table ``about``.

    Raises NotExportable where two records have the same id, or a table two rows with one key.
    """
    # VACUUM INTO makes the same file of the same rows, without free pages.
    building = target.with_name(f"{target.name}.building")
    with closing(sqlite3.connect(building, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA page_size = 4096")
        database.execute("BEGIN")
        with open_long_tables(extract.index, extract.query) as rows:
            for table in _in_order():
                database.execute(_create(table))
                places = ", ".join("?" for _ in table.columns)
                statement = f'INSERT INTO "{table.name}" VALUES ({places})'  # noqa: S608
                try:
                    database.executemany(statement, rows(table.name))
                except sqlite3.IntegrityError as error:
                    message = f"two rows of {table.name} have the same key: {error}"
                    hint = "Run healthcoop validate."
                    raise NotExportable(message, hint=hint) from None
        _write_about(database, extract)
        database.execute("COMMIT")
        for table in _in_order():
            for column in _indexed(table):
                name = f"{table.name}_{column}"
                database.execute(f'CREATE INDEX "{name}" ON "{table.name}" ("{column}")')
        database.executescript(_SCRIPT)
        database.execute("VACUUM INTO ?", (os.fspath(target),))


def datasette_metadata(extract: Extract, target: Path) -> Mapping[str, str]:
    """Return the metadata that Datasette reads with ``-m``, by the ending of the file's name."""
    data = extract.provenance.as_data()
    tables: dict[str, Any] = {
        table.name: {
            "description": table.doc,
            "columns": {column.name: column.doc for column in table.columns},
            **({"facets": _FACETS[table.name]} if table.name in _FACETS else {}),
        }
        for table in long_tables().values()
    }
    tables["records"] |= {"sort_desc": "earliest", "label_column": "title", "size": 50}
    tables |= {name: {"description": doc} for name, doc in _VIEWS.items()}
    described = {
        "title": data["title"],
        "description": f"{extract.provenance.abstract} {data['citation']}".strip(),
        "license": data["licence"],
        "about": f"{data['format']}, {data['software']}",
        "databases": {target.stem: {"tables": tables, "queries": _QUERIES}},
    }
    return {BESIDE: json.dumps(described, ensure_ascii=False, indent=2) + "\n"}


def _in_order() -> list[LongTable]:
    """Return the tables so that each comes after those that it refers to."""
    known = long_tables().values()
    return sorted(known, key=lambda table: (table.of_records, table.name != "records"))


def _create(table: LongTable) -> str:
    lines = [f'"{column.name}" {_TYPES.get(column.kind, "TEXT")}' for column in table.columns]
    if table.key:
        lines.append(f"PRIMARY KEY ({_names(table.key)})")
    for column in table.columns:
        if column.references:
            target, _, name = column.references.partition(".")
            lines.append(f'FOREIGN KEY ("{column.name}") REFERENCES "{target}" ("{name}")')
    return f'CREATE TABLE "{table.name}" ({", ".join(lines)})'


def _indexed(table: LongTable) -> list[str]:
    referring = [column.name for column in table.columns if column.references]
    columns = dict.fromkeys([*referring, *_INDEXED.get(table.name, ())])
    return [name for name in columns if table.key[:1] != (name,)]


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _write_about(database: sqlite3.Connection, extract: Extract) -> None:
    data = extract.provenance.as_data()
    licences = data.pop("licences")
    database.execute("CREATE TABLE about (property TEXT PRIMARY KEY, value)")
    database.executemany("INSERT INTO about VALUES (?, ?)", data.items())
    database.execute(
        "CREATE TABLE licences (collection TEXT PRIMARY KEY, licence TEXT, attribution TEXT)"
    )
    database.executemany(
        "INSERT INTO licences VALUES (:collection, :licence, :attribution)", licences
    )
