"""The reader's own SQL, over the documented views and nothing else."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from healthcoop.errors import HealthcoopError
from healthcoop.index.database import Index, asking, damaged

T = TypeVar("T")
Values = tuple[Any, ...]

_HERE = Path(__file__).parent

_LONGEST_VALUE = 16_000_000
"""Bytes: more than any record, less than what a careless zeroblob would fill memory with."""
_ROWS_AT_ONCE = 200
_STEPS_BETWEEN_LOOKS = 10_000

_SERVING = frozenset({"span", "ending"})
"""Views of schema.sql through which a documented one reads."""
_REFUSED_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer", "fts5"})


@dataclass(frozen=True, slots=True)
class View:
    """What can be read in SQL: its name, what a row is, and its columns with their meaning."""

    name: str
    doc: str
    columns: tuple[tuple[str, str], ...]


@cache
def views() -> tuple[View, ...]:
    """Give the documented views, as views.sql has them."""
    script = (_HERE / "views.sql").read_text(encoding="utf-8")
    return tuple(
        View(
            name,
            " ".join(line.removeprefix("--").strip() for line in doc.splitlines()),
            tuple(re.findall(r'^ {2}"?(\w+)"?,? -- (.+)$', columns, re.MULTILINE)),
        )
        for doc, name, columns in re.findall(
            r"((?:^--[^\n]*\n)+)CREATE VIEW (\w+) \(\n(.*?)^\) AS$",
            script,
            re.MULTILINE | re.DOTALL,
        )
    )


def describe_views() -> str:
    """Give the views and what their columns mean, as text for people."""
    return "\n".join(_described(view) for view in views())


def _described(view: View) -> str:
    width = max(len(name) for name, _ in view.columns)
    lines = [f"  {name:<{width}}  {doc}\n" for name, doc in view.columns]
    return "".join([f"{view.name}: {view.doc}\n", *lines])


@asking
def run_sql(
    index: Index, statement: str, *, limit_seconds: float = 60
) -> tuple[tuple[str, ...], Iterator[Values]]:
    """Run one SELECT over the documented views; give the names of its columns and its rows.

    ``limit_seconds`` bounds the time that SQLite itself takes. Raises HealthcoopError with what
    SQLite says of the statement; the iterator may raise it too.
    """
    running = _Running(_connection(index), limit_seconds)
    try:
        cursor = running.timed(lambda: running.connection.execute(statement))
        if cursor.description is None:
            raise HealthcoopError("there is no SELECT to run")
        first = running.timed(lambda: cursor.fetchmany(_ROWS_AT_ONCE))
    except BaseException:
        running.connection.close()
        raise
    return tuple(column[0] for column in cursor.description), _rows(running, cursor, first)


def _rows(running: "_Running", cursor: sqlite3.Cursor, rows: list[Values]) -> Iterator[Values]:
    with closing(running.connection):
        while rows:
            yield from rows
            rows = running.timed(lambda: cursor.fetchmany(_ROWS_AT_ONCE))


class _Running:
    """A statement that runs, and the time that is left to it: what its reader takes is not its."""

    def __init__(self, connection: sqlite3.Connection, seconds: float) -> None:
        self.connection = connection
        self._limit = self._left = seconds
        self._deadline = 0.0
        connection.set_progress_handler(lambda: monotonic() > self._deadline, _STEPS_BETWEEN_LOOKS)

    def timed(self, step: Callable[[], T]) -> T:
        """Take one step within the time that is left."""
        begun = monotonic()
        self._deadline = begun + self._left
        try:
            return step()
        except (sqlite3.Error, sqlite3.Warning) as error:  # a Warning: two statements, in 3.11
            if isinstance(error, sqlite3.Error) and damaged(error):
                raise
            if monotonic() > self._deadline:
                raise HealthcoopError(f"the statement took more than {self._limit:g} s") from None
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                # Ctrl-C came while SQLite asked us whether to go on, and that is how it says so.
                raise KeyboardInterrupt from None
            raise HealthcoopError(f"SQL: {error}", hint=_HINT) from None
        finally:
            self._left -= monotonic() - begun


_HINT = "`healthcoop sql --schema` prints the views and columns there are."


def _connection(index: Index) -> sqlite3.Connection:
    """Open the index once more, for reading views only."""
    if index.path is None:
        connection = sqlite3.connect(":memory:")
        index.connection.backup(connection)
    else:
        connection = sqlite3.connect(f"{index.path.absolute().as_uri()}?mode=ro", uri=True)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.set_authorizer(_authorize)
    return connection


def _authorize(
    action: int, one: str | None, two: str | None, database: str | None, within: str | None
) -> int:
    """Allow SELECT over documented views; ``within`` is the view for which a table is read.

    The tables are internal, not secret: what is asked of views works with the next version too.
    """
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
        allowed = True
    elif action == sqlite3.SQLITE_READ:
        # What is in no database is a common table or subquery of the statement itself.
        allowed = database is None or one in _documented() or within in _documented() | _SERVING
    elif action == sqlite3.SQLITE_FUNCTION:
        allowed = (two or "").lower() not in _REFUSED_FUNCTIONS
    else:
        allowed = False
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


@cache
def _documented() -> frozenset[str]:
    return frozenset(view.name for view in views())
