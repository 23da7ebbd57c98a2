"""Statistics over the records that fit a query; what each counts, and how, is in statistics/*.sql.

``docs/statistics.md`` tells what each is for and what it must not be read as.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Unpack

from healthcoop.index.chosen import Pairing, Row, choose, chosen, complete, fill, rows, tuples
from healthcoop.index.database import Index, retry_after_damage
from healthcoop.index.filled import FILLED, of_instruments
from healthcoop.index.query import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Rows counted over pairs, and how many records made none.

    For their many parties, for their few, or, where years are counted, for a date after the day or
    none at all.
    """

    rows: Sequence[Row]
    multilateral: int
    too_few: int
    later: int = 0

    @property
    def left_out(self) -> dict[str, int]:
        """The three numbers by name."""
        return {"multilateral": self.multilateral, "too_few": self.too_few, "later": self.later}


@retry_after_damage
def summary(index: Index, query: Query) -> Row:
    """Give the totals of the records that fit, the numbers by each trait, and completeness.

    ``completeness`` has the share of records with each optional field, or, of those that only an
    instrument has (words.of_instruments), of instruments (``unknown`` counts: someone has looked);
    4 digits, None where there is nothing to have it.
    """
    with chosen(index, query, complete({})) as connection:
        (totals,) = rows(connection, "totals")
        by: dict[str, dict[str, int]] = {
            name: {} for name in ("type", "year", "country", "organisation", "topic", "collection")
        }
        for row in rows(connection, "summary"):
            by[row["by"]][row["name"]] = row["records"]
        fields = _fields(rows(connection, "completeness", by_year=False))
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
        "completeness": {row["field"]: row["share"] for row in fields},
    }


@retry_after_damage
def pairs(
    index: Index, query: Query, *, day: date, minimum: int = 1, **pairing: Unpack[Pairing]
) -> Pairs:
    """Give the pairs of countries (and ``organisations``) with ``minimum`` records or more.

    ``day`` is the one on which instruments are asked to be in force. ``topics`` come by number of
    records, then code. ``affinity`` does not change with the query's countries, pairs and regions:
    it is that among the records which its other filters leave. See pairings.sql for which
    records make which pairs.
    """
    around = replace(query, countries=(), pairs=(), regions=())
    asked = complete(pairing)
    with chosen(index, around, asked) as connection:
        fill(connection, "tie", "ties")
        if query != around:
            choose(connection, query, asked)
        fill(connection, "bond", "bonds")
        found = rows(
            connection,
            "pairs",
            day=day.isoformat(),
            multilateral=asked["multilateral"],
            minimum=minimum,
        )
        left_out = _left_out(connection, asked)
    for row in found:
        row["topics"] = _by_number(row["topics"])
    counted = [*map(_with_status, found)]
    return Pairs(rows=counted, **left_out)


@retry_after_damage
def countries(index: Index, query: Query, *, day: date) -> list[Row]:
    """Give the countries among the parties, by number of records, then code."""
    return _members(index, query, day, "country")


@retry_after_damage
def organisations(index: Index, query: Query, *, day: date) -> list[Row]:
    """Give the organisations among the parties, by number of records, then code."""
    return _members(index, query, day, "organisation")


@retry_after_damage
def topics(index: Index, query: Query) -> list[Row]:
    """Give the topics of the records, by number of records, then code."""
    with chosen(index, query) as connection:
        return rows(connection, "topics")


@retry_after_damage
def years(index: Index, query: Query) -> list[Row]:
    """Give every year from the first to the last record."""
    with chosen(index, query) as connection:
        return rows(connection, "years")


@retry_after_damage
def matrix(index: Index, query: Query, *, top: int = 30, **pairing: Unpack[Pairing]) -> Pairs:
    """Give the ``top`` countries with most records that make a pair, and what each two share."""
    asked = complete(pairing)
    with chosen(index, query, asked) as connection:
        cells = rows(connection, "matrix", top=top)
        left_out = _left_out(connection, asked)
    found: dict[str, Row] = {}
    for cell in cells:
        row = found.setdefault(
            cell["code"], {"country": cell["code"], "total": cell["total"], "with": {}}
        )
        if cell["other"]:
            row["with"][cell["other"]] = cell["records"]
    return Pairs(rows=[*found.values()], **left_out)


@retry_after_damage
def network(index: Index, query: Query, **pairing: Unpack[Pairing]) -> Pairs:
    """Give the parties of pairs by their place among all pairs; strongest first.

    Raises HealthcoopError where networkx is not installed.
    """
    from healthcoop.index.network import betweenness

    asked = complete(pairing)
    with chosen(index, query, asked) as connection:
        fill(connection, "tie", "ties")
        members = rows(connection, "network", multilateral=asked["multilateral"])
        ties = connection.execute("SELECT a, b FROM tie ORDER BY a, b").fetchall()
        left_out = _left_out(connection, asked)
    between = betweenness(ties)
    return Pairs(
        rows=[row | {"betweenness": between[row["country"]]} for row in members], **left_out
    )


@retry_after_damage
def status(index: Index, query: Query, *, day: date, days: Sequence[date] = ()) -> list[Row]:
    """Count instruments in force on ``days``, or on every 31 December up to ``day``, and on it."""
    asked = json.dumps([each.isoformat() for each in days])
    with chosen(index, query) as connection:
        return rows(connection, "status", day=day.isoformat(), days=asked)


@retry_after_damage
def dyad_years(index: Index, query: Query, *, day: date, **pairing: Unpack[Pairing]) -> Pairs:
    """Give a row for each pair and year up to that of ``day``, with the codes that others merge on.

    There may be a million: a row is made when it is read, from runs of years in which nothing
    changes. ``organisations`` have no such codes.
    """
    from healthcoop.index import dyads

    asked = complete(pairing)
    with chosen(index, query, asked) as connection:
        fill(connection, "bond", "bonds")
        fill(connection, "tally", "tallies", day=day.isoformat())
        ends = json.dumps(dyads.last_years(index.vocabulary))
        fill(connection, "life", "lives", day=day.isoformat(), ends=ends)
        runs = tuples(connection, "dyad_years", day=day.isoformat())
        ((later,),) = tuples(connection, "later", day=day.isoformat())
        left_out = _left_out(connection, asked)
    return Pairs(
        rows=dyads.Rows(runs, index.vocabulary, folded=asked["fold_former"]),
        later=later,
        **left_out,
    )


@retry_after_damage
def completeness(index: Index, query: Query, *, by_year: bool = False) -> list[Row]:
    """Give how many records have each optional field, their sources, and archived sources.

    ``of`` is the number that could have it, ``share`` has 4 digits, None where there is none that
    could. Of ``sources`` the share is the mean number, and ``sources.archived`` is of sources.
    """
    with chosen(index, query) as connection:
        filled = rows(connection, "completeness", by_year=by_year)
        sources = rows(connection, "sources", by_year=by_year)
    found: list[Row] = []
    for row in sources:
        year = {"year": row["year"]} if by_year else {}
        fields = _fields([each for each in filled if each["year"] == row["year"]])
        fields.append(_share("sources", row["records"], row["sources"]))
        fields.append(_share("sources.archived", row["sources"], row["archived"]))
        found += [year | field for field in fields]
    return found


def _left_out(connection: sqlite3.Connection, pairing: Pairing) -> Row:
    (row,) = rows(connection, "left_out", **pairing)
    return row


def _members(index: Index, query: Query, day: date, kind: str) -> list[Row]:
    are_organisations = kind == "organisation"
    with chosen(index, query, complete({"organisations": are_organisations})) as connection:
        fill(connection, "tie", "ties")
        found = rows(connection, "countries", day=day.isoformat(), organisations=are_organisations)
    return [{kind: row.pop("code"), **_with_status(row)} for row in found]


def _with_status(row: Row) -> Row:
    """Put the two numbers of instruments in force into one place, that of the first."""
    force = {"certain": row["certain"], "possible": row["possible"]}
    renamed = {"in_force" if key == "certain" else key: value for key, value in row.items()}
    renamed["in_force"] = force
    del renamed["possible"]
    return renamed


def _by_number(codes: str) -> list[str]:
    every = json.loads(codes)
    return sorted(sorted({*every}), key=every.count, reverse=True)


def _fields(filled: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Give a row a field of FILLED, from the numbers of records that have the same ones."""
    held: Counter[str] = Counter()
    totals: Counter[bool] = Counter()
    for row in filled:
        is_instrument = row["kind"] == "instrument"
        totals[False] += row["records"]
        totals[True] += row["records"] if is_instrument else 0
        for bit, name in enumerate(FILLED):
            if row["filled"] >> bit & 1 and (is_instrument or not of_instruments(name)):
                held[name] += row["records"]
    return [_share(name, totals[of_instruments(name)], held[name]) for name in FILLED]


def _share(field: str, of: int, number: int) -> Row:
    share = round(number / of, 4) if of else None
    return {"field": field, "of": of, "records": number, "share": share}
