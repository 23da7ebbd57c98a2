"""The reader's own SQL, over the documented views and nothing else."""

import math
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any, TypeVar

from healthcoop.errors import HealthcoopError
from healthcoop.index.database import Index, asking, damaged

T = TypeVar("T")
Values = tuple[Any, ...]

_HERE = Path(__file__).parent

LARGEST_HEAP = 512_000_000
"""Bytes: what sorting a hundred thousand whole records takes, twice over."""
_LONGEST_VALUE = 4_000_000
"""Bytes: more than any record, less than what a careless zeroblob would fill memory with."""
_LONGEST_PATTERN = 1_000
_STEPS_BETWEEN_LOOKS = 1_000
_SECONDS_BETWEEN_LOOKS = 0.5
_GRACE = 3.0

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
    index: Index,
    statement: str,
    parameters: Mapping[str, str] | None = None,
    *,
    limit_seconds: float = 60,
    overrun: Callable[[], None] | None = None,
) -> tuple[tuple[str, ...], Iterator[Values]]:
    """Run one SELECT over the documented views; give the names of its columns and its rows.

    ``parameters`` are the values of ``:name`` in the statement. ``limit_seconds`` bounds the time
    that SQLite itself takes. It looks at the clock between two instructions, and a few of them
    can take minutes (``trim`` with thousands of letters): ``overrun`` is called, in another
    thread, when one of them takes seconds longer than the limit. Raises HealthcoopError with what
    SQLite says of the statement; the iterator may raise it too.
    """
    running = _Running(_connection(index), statement, limit_seconds)
    if overrun:
        Thread(target=running.watch, args=(overrun,), daemon=True).start()
    try:
        values = dict(parameters or {})
        cursor = running.timed(lambda: running.connection.execute(statement, values))
        if cursor.description is None:
            raise HealthcoopError("there is no SELECT to run")
        first = running.timed(cursor.fetchone)
    except BaseException:
        running.close()
        raise
    return tuple(column[0] for column in cursor.description), _rows(running, cursor, first)


def bound_memory(index: Index) -> None:
    """Let SQLite take no more than LARGEST_HEAP in this process, beside an index in memory.

    It cannot be undone and holds for every database of the process, so only a process that does
    nothing else should ask for it.
    """
    size = 0
    if index.path is None:
        for pragma in ("page_count", "page_size"):
            ((number,),) = index.connection.execute(f"PRAGMA {pragma}").fetchall()
            size = size * number or number
    # Twice: the statement gets a copy of its own.
    index.connection.execute(f"PRAGMA hard_heap_limit = {LARGEST_HEAP + 2 * size}").fetchall()


def _rows(running: "_Running", cursor: sqlite3.Cursor, row: Values | None) -> Iterator[Values]:
    with closing(running):
        while row is not None:
            yield row
            # One by one: a single row can have megabytes.
            row = running.timed(cursor.fetchone)


class _Running:
    """A statement that runs, and the time that is left to it: what its reader takes is not its."""

    def __init__(self, connection: sqlite3.Connection, statement: str, seconds: float) -> None:
        self.connection = connection
        self._statement = statement
        self._limit = self._left = seconds
        self._deadline = math.inf
        self._closed = Event()
        connection.set_progress_handler(lambda: monotonic() > self._deadline, _STEPS_BETWEEN_LOOKS)

    def close(self) -> None:
        """Close the connection."""
        self._closed.set()
        self.connection.close()

    def watch(self, overrun: Callable[[], None]) -> None:
        """Wait until the statement has ended, or has run on for long after its time."""
        while not self._closed.wait(_SECONDS_BETWEEN_LOOKS):
            if monotonic() > self._deadline + _GRACE:
                overrun()
                return

    def timed(self, step: Callable[[], T]) -> T:
        """Take one step within the time that is left."""
        begun = monotonic()
        self._deadline = begun + self._left
        try:
            return step()
        except MemoryError:
            raise HealthcoopError("the statement took more memory than it may have") from None
        except (sqlite3.Error, sqlite3.Warning) as error:  # a Warning: two statements, in 3.11
            if isinstance(error, sqlite3.Error) and damaged(error):
                raise
            if monotonic() > self._deadline:
                raise HealthcoopError(f"the statement took more than {self._limit:g} s") from None
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                # Ctrl-C came while SQLite asked us whether to go on, and that is how it says so.
                raise KeyboardInterrupt from None
            raise _explained(self._statement, str(error)) from None
        finally:
            self._left -= monotonic() - begun
            self._deadline = math.inf


_HINT = "`healthcoop sql --schema` prints the views and columns there are."
_CULPRIT = re.compile(r'near "(.+)": |no such (table|column|function): (.+)', re.DOTALL)


def _explained(statement: str, message: str) -> HealthcoopError:
    """Say where in the statement SQLite's error is, if that is certain, and what was meant."""
    if message.startswith(("not authorized", "access to ")):
        return HealthcoopError("SQL: a statement may only read the documented views", hint=_HINT)
    found = _CULPRIT.match(message)
    if not found:
        return HealthcoopError(f"SQL: {message}", hint=_HINT)
    token = found[1] or found[3]
    whole = rf"(?<!\w){re.escape(token)}(?!\w)"
    # SQLite names the word only; where it stands once, it stands there.
    places = [match.start() for match in re.finditer(whole, statement)]
    if len(places) == 1:
        before = statement[: places[0]]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message += f" (line {line}, column {column})"
    return HealthcoopError(f"SQL: {message}", hint=_meant(found[2], token) or _HINT)


def _meant(kind: str | None, name: str) -> str:
    """Give the view or column that a name is most like, as a question, or nothing."""
    known = {
        "table": [view.name for view in views()],
        "column": list(dict.fromkeys(name for view in views() for name, _ in view.columns)),
    }.get(kind or "", [])
    near = get_close_matches(name.rpartition(".")[2], known, n=1)
    return f"Did you mean {near[0]}? {_HINT}" if near else ""


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
    connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, _LONGEST_PATTERN)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.set_authorizer(_authorize)
    return connection


def _authorize(
    action: int, one: str | None, two: str | None, database: str | None, within: str | None
) -> int:
    """Allow SELECT over documented views; ``within`` is the view for which a table is read.

    The tables are internal, not secret: what is asked of views works with the next version too.
    (SQLite tells a common table from a view of its name by nothing that is seen here.)
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
