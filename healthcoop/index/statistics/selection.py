"""What statistics are counted from: the records that match, and the pairs they count for."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from healthcoop.index.database import Index
from healthcoop.index.query import Query, where
from healthcoop.index.records import SORTS

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary

Row = dict[str, Any]
"""One row of a statistic: the keys of its JSON, in their order."""

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected records in one state of the index, and the parameters that scripts may use."""

    connection: sqlite3.Connection
    vocabulary: "Vocabulary"
    parameters: Mapping[str, Any]

    def select(self, query: Query) -> None:
        """Fill ``selection`` with the records that match; raises as ``where``."""
        condition, values = where(query)
        # Two files may have the same id. Of what differs between them only the date is visible in a
        # statistic, so it decides their order, and the path need not be read.
        order = ", ".join((*SORTS["date"], *SORTS["id"], "record.date"))
        self.connection.execute("DELETE FROM selection")
        self.connection.execute(
            "INSERT INTO selection (id, kind, sort_day, countries, parties)"
            " SELECT record.id, record.kind, record.sort_day, record.countries, record.parties"
            f" FROM record WHERE {condition} ORDER BY {order}",
            values,
        )
        if self.parameters["fold_former"]:
            self.connection.execute(_script("selection_recount"))

    def fill(self, *tables: str) -> None:
        """Fill tables of selection.sql, each with the script of its name."""
        for table in tables:
            self.connection.execute(f"DELETE FROM {table}")
            self.connection.execute(_script(table), self.parameters)

    def tuples(self, script: str) -> Iterator[tuple[Any, ...]]:
        """Run a script and iterate over its rows."""
        return self.connection.execute(_script(script), self.parameters)

    def rows(self, script: str, columns: Sequence[str] = ()) -> list[Row]:
        """Run a script; return its rows with these columns, or those of the script."""
        cursor = self.connection.execute(_script(script), self.parameters)
        columns = columns or [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor]


@contextmanager
def selection(index: Index, parameters: Mapping[str, Any]) -> Iterator[Selection]:
    """Open a snapshot of the index with the empty tables of selection.sql; they last as long."""
    with index.snapshot() as connection:
        for statement in _statements(_script("selection")):
            connection.execute(statement)
        opened = Selection(connection, index.vocabulary, parameters)
        opened.fill("successor")
        yield opened


def _script(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")


def _statements(script: str) -> Iterator[str]:
    """Split a script into statements: ``executescript`` would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
