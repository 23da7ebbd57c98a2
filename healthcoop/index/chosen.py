"""What statistics start from: the records that fit a query, in a snapshot, and who makes pairs."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypedDict

from healthcoop.index.database import Index, statements
from healthcoop.index.query import Query, check_choice, where
from healthcoop.index.records import SORTS

Row = dict[str, Any]
"""One row of a statistic: the keys of its JSON, in their order."""

_HERE = Path(__file__).parent


class Pairing(TypedDict, total=False):
    """Which records make which pairs: the parameters of pairings.sql, and of heirs.sql."""

    multilateral: Literal["none", "all", "fractional"]
    organisations: bool
    fold_former: bool


@contextmanager
def chosen(
    index: Index, query: Query, pairing: Pairing | None = None
) -> Iterator[sqlite3.Connection]:
    """Hold a snapshot with the query's records in ``chosen``, and their pairs in ``pairing``.

    Without ``pairing`` there are no pairs. It ends with all that was made.
    """
    with index.snapshot() as connection:
        for statement in statements(_script("chosen")):
            connection.execute(statement)
        if pairing is not None and pairing["fold_former"]:
            fill(connection, "heir", "heirs")
        choose(connection, query, pairing)
        yield connection


def choose(connection: sqlite3.Connection, query: Query, pairing: Pairing | None = None) -> None:
    """Fill ``chosen`` anew, and ``pairing``; raises as ``where``."""
    condition, values = where(query)
    # Two files may have one id. Of such, only the date as written can show in a statistic, so it
    # decides between them, and the folders need not be joined for the path.
    order = ", ".join((*SORTS["date"], *SORTS["id"], "record.date"))
    connection.execute("DELETE FROM chosen")
    connection.execute(
        "INSERT INTO chosen (id, kind, sort_day, countries, parties)"
        " SELECT record.id, record.kind, record.sort_day, record.countries, record.parties"
        f" FROM record WHERE {condition} ORDER BY {order}",
        values,
    )
    if pairing is None:
        return
    if pairing["fold_former"]:
        connection.execute(_script("recounted"))
    fill(connection, "pairing", "pairings", **pairing)


def fill(connection: sqlite3.Connection, table: str, script: str, **values: str | int) -> None:
    """Fill one of the tables of chosen.sql anew by the script that makes it."""
    connection.execute(f"DELETE FROM {table}")
    connection.execute(_script(script), values)


def complete(pairing: Pairing) -> Pairing:
    """Give every parameter of pairings.sql a value.

    Raises TypeError for a name that is none, and UnknownName for another ``multilateral``.
    """
    unknown = pairing.keys() - Pairing.__annotations__.keys()
    if unknown:
        raise TypeError(f"there is no {min(unknown)}, only {', '.join(Pairing.__annotations__)}")
    complete: Pairing = {
        **{"multilateral": "none", "organisations": False, "fold_former": False},
        **pairing,
    }
    check_choice("multilateral", complete["multilateral"], ("none", "all", "fractional"))
    return complete


def rows(connection: sqlite3.Connection, script: str, **values: str | int | None) -> list[Row]:
    """Run the script of a statistic, and give its rows."""
    cursor = connection.execute(_script(script), values)
    keys = [column[0] for column in cursor.description]
    return [dict(zip(keys, row, strict=True)) for row in cursor.fetchall()]


def tuples(
    connection: sqlite3.Connection, script: str, **values: str | int | None
) -> list[tuple[Any, ...]]:
    """Run the script of a statistic with many rows; each value is kept once."""
    kept: dict[Any, Any] = {}
    return [
        tuple(kept.setdefault(value, value) for value in row)
        for row in connection.execute(_script(script), values)
    ]


def _script(name: str) -> str:
    return (_HERE / "statistics" / f"{name}.sql").read_text(encoding="utf-8")
