"""Users' SQL: one SELECT over the documented views, in a sandbox."""

import math
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from textwrap import fill
from threading import Event, Thread
from time import monotonic
from typing import Any, TypeVar

from healthcoop.errors import HealthcoopError
from healthcoop.index.database import Index, damaged_midway, is_damage, retry_after_damage

T = TypeVar("T")
Values = tuple[Any, ...]

LARGEST_HEAP = 256_000_000
"""Bytes: enough to sort a hundred thousand whole records. The process takes twice as many where
what is sorted is small."""
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 4_000_000,  # bytes of a value: more than any record has
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}
_PROGRESS_STEPS = 1_000
_WATCH_INTERVAL = 0.5
_GRACE = 3.0

_ALLOWED = {
    *(sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE),
    *(sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION),
}
_REFUSED_FUNCTIONS = {"load_extension", "fts3_tokenizer", "fts5"}


@dataclass(frozen=True, slots=True)
class View:
    """A documented view: its name, what a row is, and its columns with their meaning."""

    name: str
    doc: str
    columns: tuple[tuple[str, str], ...]


@cache
def views() -> tuple[View, ...]:
    """Return the documented views of views.sql."""
    script = (Path(__file__).parent / "views.sql").read_text(encoding="utf-8")
    form = r"((?:^--[^\n]*\n)+)CREATE VIEW (\w+) \(\n(.*?)^\) AS$"
    return tuple(
        View(
            name,
            " ".join(line.removeprefix("--").strip() for line in doc.splitlines()),
            tuple(re.findall(r'^ {2}"?(\w+)"?,? -- (.+)$', columns, re.MULTILINE)),
        )
        for doc, name, columns in re.findall(form, script, re.MULTILINE | re.DOTALL)
    )


@cache
def _view_names() -> frozenset[str]:
    return frozenset(view.name for view in views())


def describe_views(width: int | None = None) -> str:
    """Return the views and the meaning of their columns as text, wrapped to a width if any."""
    width = width or sys.maxsize
    lines = []
    for view in views():
        indent = max(len(name) for name, _ in view.columns)
        lines.append(fill(f"{view.name}: {view.doc}", width))
        for name, doc in view.columns:
            line = f"  {name:<{indent}}  {doc}"
            lines.append(fill(line, width, subsequent_indent=" " * (indent + 4)))
        lines.append("")
    return "\n".join(lines)


@retry_after_damage
def run_sql(
    index: Index,
    statement: str,
    parameters: Mapping[str, str | float] | None = None,
    *,
    limit_seconds: float = 60,
    limit_memory: bool = False,
    overrun: Callable[[], None] | None = None,
) -> tuple[tuple[str, ...], Iterator[Values]]:
    """Run one SELECT over the documented views; return the names of its columns and its rows.

    ``parameters`` are the values of ``:name`` in the statement. ``limit_seconds`` bounds the time
    that SQLite takes, not that of the caller. It is checked between instructions of SQLite, a few
    of which can take minutes (``trim`` with thousands of letters): when one exceeds the limit by
    seconds, ``overrun`` is called in another thread. ``limit_memory`` limits SQLite to LARGEST_HEAP
    in this process, for good. Raises HealthcoopError with SQLite's message about the statement,
    also while iterating.
    """
    if limit_memory:
        _bound_memory(index)
    values = dict(parameters or {})
    running = _Execution(_connect(index), statement, limit_seconds)
    if overrun:
        Thread(target=running.watch, args=(overrun,), daemon=True).start()
    try:
        running.step(lambda: _check(statement, values))
        cursor = running.step(lambda: running.connection.execute(statement, values))
        first = running.step(cursor.fetchone)
    except BaseException:
        running.close()
        raise

    def rows() -> Iterator[Values]:
        row = first
        with closing(running):
            while row is not None:
                yield row
                try:
                    row = running.step(cursor.fetchone)  # singly: a row can have megabytes
                except sqlite3.DatabaseError:  # damage only; others are HealthcoopError by now
                    raise damaged_midway(index) from None

    return tuple(column[0] for column in cursor.description), rows()


def _bound_memory(index: Index) -> None:
    """Limit SQLite to LARGEST_HEAP in this process, beside an index in memory.

    The limit cannot be undone and applies to every database of the process, so it is for processes
    that do nothing else.
    """
    size = 0
    if index.path is None:
        ((pages,),) = index.connection.execute("PRAGMA page_count").fetchall()
        ((page_size,),) = index.connection.execute("PRAGMA page_size").fetchall()
        size = pages * page_size
    # Twice the size: the statement runs on a copy of the index.
    index.connection.execute(f"PRAGMA hard_heap_limit = {LARGEST_HEAP + 2 * size}").fetchall()


class _Execution:
    """A running statement, and how much of its time is left."""

    def __init__(self, connection: sqlite3.Connection, statement: str, seconds: float) -> None:
        self.connection = connection
        self._statement = statement
        self._limit = self._left = seconds
        self._deadline = math.inf
        self._closed = Event()
        connection.set_progress_handler(lambda: monotonic() > self._deadline, _PROGRESS_STEPS)

    def close(self) -> None:
        """Close the connection and end ``watch``."""
        self._closed.set()
        self.connection.close()

    def watch(self, overrun: Callable[[], None]) -> None:
        """Wait until the statement has ended; call ``overrun`` if it far exceeds its time."""
        while not self._closed.wait(_WATCH_INTERVAL):
            if monotonic() > self._deadline + _GRACE:
                overrun()
                return

    def step(self, function: Callable[[], T]) -> T:
        """Call a function within the time that is left; raises HealthcoopError for its errors."""
        begun = monotonic()
        self._deadline = begun + self._left
        try:
            return function()
        except MemoryError:
            raise HealthcoopError(
                "the statement needs more memory than is allowed",
                hint="Sort or aggregate less: select fewer columns, or add WHERE.",
            ) from None
        except (sqlite3.Error, sqlite3.Warning) as error:  # a Warning: two statements, in 3.11
            if isinstance(error, sqlite3.Error) and is_damage(error):
                raise
            if monotonic() > self._deadline:
                raise HealthcoopError(
                    f"the statement took more than {self._limit:g} s",
                    hint="Reduce it with WHERE or LIMIT, or raise --timeout.",
                ) from None
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                # How SQLite reports a Ctrl-C that came while it called the progress handler.
                raise KeyboardInterrupt from None
            raise _error(self._statement, str(error)) from None
        finally:
            self._left -= monotonic() - begun
            self._deadline = math.inf


def _check(statement: str, values: Mapping[str, str | float]) -> None:
    """Compile the statement where only the documented views exist, all empty.

    An authorizer alone cannot distinguish a documented view from a common table expression of its
    name, which could read any table. Here there are no tables.
    """
    with closing(sqlite3.connect(":memory:")) as empty:
        for view in views():
            names = ", ".join(f'"{name}"' for name, _ in view.columns)
            nulls = ", ".join("NULL" for _ in view.columns)
            empty.execute(f"CREATE VIEW {view.name} ({names}) AS SELECT {nulls}")
        empty.set_authorizer(_authorize_views)
        empty.execute(f"EXPLAIN {statement}", values)


def _connect(index: Index) -> sqlite3.Connection:
    """Open a second, read-only connection to the index, or to a copy of one in memory."""
    if index.path is None:
        connection = sqlite3.connect(":memory:")
        index.connection.backup(connection)
    else:
        connection = sqlite3.connect(f"{index.path.absolute().as_uri()}?mode=ro", uri=True)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    for category, limit in _LIMITS.items():
        connection.setlimit(category, limit)
    connection.set_authorizer(_authorize)
    # A statement can produce invalid UTF-8: CAST(x'ff' AS TEXT).
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def _authorize(action: int, _one: str | None, two: str | None, *_: str | None) -> int:
    """Allow SELECT, and no function that reaches beyond the database."""
    refused = action == sqlite3.SQLITE_FUNCTION and (two or "").lower() in _REFUSED_FUNCTIONS
    return sqlite3.SQLITE_OK if action in _ALLOWED and not refused else sqlite3.SQLITE_DENY


def _authorize_views(
    action: int, one: str | None, two: str | None, database: str | None, _: str | None
) -> int:
    """Allow SELECT from documented views, and not from tables that SQLite itself provides."""
    if action == sqlite3.SQLITE_READ:
        name = (one or "").lower()
        # Common table expressions have no database, nor has a view of which no column is read.
        known = not name.startswith("sqlite_") if database is None else name in _view_names()
        return sqlite3.SQLITE_OK if known else sqlite3.SQLITE_DENY
    return _authorize(action, one, two)


_HINT = "`healthcoop sql --schema` prints the views and their columns."
_UNKNOWN = re.compile(r'near "(.+)": |no such (table|column|function): (.+)', re.DOTALL)
_REWORDED = (
    (
        r"not authorized|access to |authorization denied|cannot modify |vtable constructor",
        ("a statement may only read the documented views", _HINT),
    ),
    (r"incomplete input", ("there is no SELECT, or its end is missing", _HINT)),
    (r"You can only execute one", ("there is more than one statement", "Run one after the other.")),
    (r"Binding \d+ has no name", ("a parameter has no name", "Write :name, and -p name VALUE.")),
    (r".* binding parameter :(\w+)", (r":\1 has no value", r"Set it with -p \1 VALUE.")),
)
"""Beginnings of SQLite's messages about its C interface, with our own message and hint."""


def _error(statement: str, message: str) -> HealthcoopError:
    """Return an error with SQLite's message, its place in the statement if certain, and a hint."""
    for pattern, (better, hint) in _REWORDED:
        if match := re.match(pattern, message):
            return HealthcoopError(f"SQL: {match.expand(better)}", hint=match.expand(hint))
    unknown = _UNKNOWN.match(message)
    if not unknown:
        return HealthcoopError(f"SQL: {message}", hint=_HINT)
    token = unknown[1] or unknown[3]
    # SQLite names the token without its place, which is certain if it occurs once.
    whole = rf"(?<!\w){re.escape(token)}(?!\w)"
    places = [match.start() for match in re.finditer(whole, statement)]
    if len(places) == 1:
        before = statement[: places[0]]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message += f" (line {line}, column {column})"
    return HealthcoopError(f"SQL: {message}", hint=_suggestion(unknown[2], token, statement))


def _suggestion(kind: str | None, name: str, statement: str) -> str:
    """Return a hint with the most similar view, or column of the views in the statement."""
    words = set(re.findall(r"\w+", statement.lower()))
    named = [view for view in views() if view.name in words]
    columns = list(dict.fromkeys(column for view in named for column, _ in view.columns))
    known = {"table": sorted(_view_names()), "column": columns}.get(kind or "", [])
    near = get_close_matches(name.rpartition(".")[2], known, n=1)
    if near:
        return f"Did you mean {near[0]}? {_HINT}"
    if kind == "column" and len(named) == 1:
        return f"The columns of {named[0].name}: {', '.join(known)}."
    return _HINT
