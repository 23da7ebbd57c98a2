"""Statistics over the records that fit a query; what each counts, and how, is in its .sql file."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from healthcoop.index.build import statements
from healthcoop.index.conditions import where
from healthcoop.index.database import Index, asking
from healthcoop.index.query import SORTS, Query
from healthcoop.index.words import FILLED, of_instruments

Row = dict[str, Any]
"""One row of a statistic: the keys of its JSON, in their order."""

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """The pairs, and how many records made none: for their many parties, or for their few."""

    rows: list[Row]
    multilateral: int
    too_few: int


@asking
def summary(index: Index, query: Query) -> Row:
    """Give the totals of the records that fit, the numbers by each trait, and completeness.

    ``completeness`` has the share of records with each optional field, or, of those that only an
    instrument has (words.of_instruments), of instruments (``unknown`` counts: someone has looked);
    4 digits, None where there is nothing to have it.
    """
    with _chosen(index, query) as connection:
        _company(connection, multilateral="none", organisations=False, fold_former=False)
        (totals,) = _rows(connection, "totals")
        by: dict[str, dict[str, int]] = {
            name: {} for name in ("type", "year", "country", "organisation", "topic", "collection")
        }
        for row in _rows(connection, "summary"):
            by[row["by"]][row["name"]] = row["records"]
        completeness = _completeness(connection)
    return {
        "records": totals["records"],
        "instruments": totals["instruments"],
        "encounters": totals["encounters"],
        "countries": len(by["country"]),
        "organisations": len(by["organisation"]),
        "pairs": totals["pairs"],
        "first": totals["first"],
        "last": totals["last"],
        **{f"by_{name}": numbers for name, numbers in by.items()},
        "completeness": completeness,
    }


@asking
def pairs(
    index: Index,
    query: Query,
    *,
    day: date,
    multilateral: Literal["none", "all", "fractional"] = "none",
    organisations: bool = False,
    minimum: int = 1,
    fold_former: bool = False,
) -> Pairs:
    """Give the pairs of countries (and ``organisations``) with ``minimum`` records or more.

    ``day`` is the one on which instruments are asked to be in force. ``topics`` come by number of
    records, then code. ``affinity`` does not change with the query's countries, pairs and regions:
    it is that among the records which its other filters leave. See company.sql for which records
    make which pairs.
    """
    counted: dict[str, str | bool] = {
        "multilateral": multilateral,
        "organisations": organisations,
        "fold_former": fold_former,
    }
    around = replace(query, countries=(), pairs=(), regions=())
    with _chosen(index, around) as connection:
        _company(connection, **counted)
        connection.execute(_script("ties"), {"multilateral": multilateral})
        if query != around:
            _choose(connection, query)
            _company(connection, **counted)
        (left_out,) = _rows(connection, "left_out", **counted)
        found = _rows(
            connection,
            "pairs",
            day=day.isoformat(),
            multilateral=multilateral,
            minimum=minimum,
            fold_former=fold_former,
        )
    rows = [_with_status(row) | {"topics": _by_number(row["topics"])} for row in found]
    return Pairs(rows=rows, **left_out)


@asking
def countries(index: Index, query: Query, *, day: date) -> list[Row]:
    """Give the countries among the parties, by number of records, then code."""
    with _chosen(index, query) as connection:
        _company(connection, multilateral="none", organisations=False, fold_former=False)
        return [_with_status(row) for row in _rows(connection, "countries", day=day.isoformat())]


@asking
def years(index: Index, query: Query) -> list[Row]:
    """Give every year from the first to the last record."""
    with _chosen(index, query) as connection:
        return _rows(connection, "years")


@contextmanager
def _chosen(index: Index, query: Query) -> Iterator[sqlite3.Connection]:
    """Hold a snapshot with the query's records in ``chosen``; it ends with all that was made."""
    with index.snapshot() as connection:
        for statement in statements(_script("chosen")):
            connection.execute(statement)
        _choose(connection, query)
        yield connection


def _choose(connection: sqlite3.Connection, query: Query) -> None:
    """Fill ``chosen`` anew; raises as ``where``."""
    condition, values = where(query)
    order = ", ".join(SORTS["date"] + SORTS["id"] + SORTS["path"])
    connection.execute("DELETE FROM chosen")
    connection.execute(
        "INSERT INTO chosen (id) SELECT record.id FROM record"
        " JOIN file ON file.id = record.id JOIN folder ON folder.id = file.folder"
        f" WHERE {condition} ORDER BY {order}",
        values,
    )


def _company(connection: sqlite3.Connection, **values: str | bool) -> None:
    """Fill ``company`` anew from ``chosen``."""
    connection.execute("DELETE FROM company")
    connection.execute(_script("company"), values)


def _script(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")


def _rows(connection: sqlite3.Connection, name: str, **values: str | int) -> list[Row]:
    cursor = connection.execute(_script(name), values)
    keys = [column[0] for column in cursor.description]
    return [dict(zip(keys, row, strict=True)) for row in cursor.fetchall()]


def _with_status(row: Row) -> Row:
    """Put the two numbers of instruments in force into one place, that of the first."""
    force = {"certain": row["certain"], "possible": row["possible"]}
    renamed = {"in_force" if key == "certain" else key: value for key, value in row.items()}
    del renamed["possible"]
    return renamed | {"in_force": force}


def _by_number(codes: str) -> list[str]:
    numbers = Counter(json.loads(codes))
    return sorted(numbers, key=lambda code: (-numbers[code], code))


def _completeness(connection: sqlite3.Connection) -> Mapping[str, float | None]:
    held: Counter[str] = Counter()
    totals: Counter[bool] = Counter()
    for row in _rows(connection, "completeness"):
        is_instrument = row["kind"] == "instrument"
        totals[False] += row["records"]
        totals[True] += row["records"] if is_instrument else 0
        for bit, name in enumerate(FILLED):
            if row["filled"] >> bit & 1 and (is_instrument or not of_instruments(name)):
                held[name] += row["records"]
    return {
        name: round(held[name] / total, 4) if (total := totals[of_instruments(name)]) else None
        for name in FILLED
    }
