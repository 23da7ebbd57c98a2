"""The reader's own SQL, over the documented views and nothing else."""

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

_HERE = Path(__file__).parent

LARGEST_HEAP = 256_000_000
"""Bytes: enough to sort a hundred thousand whole records. The process takes twice as many where
what is sorted is small."""
_LONGEST_VALUE = 4_000_000
"""Bytes: more than any record, less than what a careless zeroblob would fill memory with."""
_LONGEST_PATTERN = 1_000
_STEPS_BETWEEN_LOOKS = 1_000
_SECONDS_BETWEEN_LOOKS = 0.5
_GRACE = 3.0

_READING = frozenset(
    {
        *(sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE),
        *(sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION),
    }
)
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


def describe_views(width: int | None = None) -> str:
    """Give the views and what their columns mean, as text for people; None breaks no line."""
    return "\n".join(_described(view, width or sys.maxsize) for view in views())


def _described(view: View, width: int) -> str:
    name_width = max(len(name) for name, _ in view.columns)
    lines = [
        fill(f"  {name:<{name_width}}  {doc}", width, subsequent_indent=" " * (name_width + 4))
        for name, doc in view.columns
    ]
    return "".join(f"{line}\n" for line in (fill(f"{view.name}: {view.doc}", width), *lines))


@retry_after_damage
def run_sql(
    index: Index,
    statement: str,
    parameters: Mapping[str, str | float] | None = None,
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
        running.timed(lambda: _judge(statement, values))
        cursor = running.timed(lambda: running.connection.execute(statement, values))
        first = running.timed(cursor.fetchone)
    except BaseException:
        running.close()
        raise
    return tuple(column[0] for column in cursor.description), _rows(index, running, cursor, first)


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


def _rows(
    index: Index, running: "_Running", cursor: sqlite3.Cursor, row: Values | None
) -> Iterator[Values]:
    with closing(running):
        while row is not None:
            yield row
            # One by one: a single row can have megabytes.
            try:
                row = running.timed(cursor.fetchone)
            except sqlite3.DatabaseError:  # what else it may be has become a sentence
                raise damaged_midway(index) from None


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
            raise HealthcoopError(
                "the statement took more memory than it may have",
                hint="Let it sort or gather less: fewer columns, or WHERE.",
            ) from None
        except (sqlite3.Error, sqlite3.Warning) as error:  # a Warning: two statements, in 3.11
            if isinstance(error, sqlite3.Error) and is_damage(error):
                raise
            if monotonic() > self._deadline:
                raise HealthcoopError(
                    f"the statement took more than {self._limit:g} s",
                    hint="Ask for less by WHERE or LIMIT, or give it longer by --timeout.",
                ) from None
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                # Ctrl-C came while SQLite asked us whether to go on, and that is how it says so.
                raise KeyboardInterrupt from None
            raise _explained(self._statement, str(error)) from None
        finally:
            self._left -= monotonic() - begun
            self._deadline = math.inf


_HINT = "`healthcoop sql --schema` prints the views and columns there are."
_CULPRIT = re.compile(r'near "(.+)": |no such (table|column|function): (.+)', re.DOTALL)
_SAID_BETTER = (
    (
        r"not authorized|access to |authorization denied|cannot modify |vtable constructor",
        ("a statement may only read the documented views", _HINT),
    ),
    (r"incomplete input", ("there is no SELECT, or its end is missing", _HINT)),
    (r"You can only execute one", ("there is more than one statement", "Run one after the other.")),
    (r"Binding \d+ has no name", ("a parameter has no name", "Write :name, and -p name VALUE.")),
    (r".* binding parameter :(\w+)", (r":\1 has no value", r"Give it one by -p \1 VALUE.")),
)
"""How SQLite's messages begin that speak of what its users do, and what ours do instead."""


def _explained(statement: str, message: str) -> HealthcoopError:
    """Say where in the statement SQLite's error is, if that is certain, and what was meant."""
    for pattern, (better, hint) in _SAID_BETTER:
        if known := re.match(pattern, message):
            return HealthcoopError(f"SQL: {known.expand(better)}", hint=known.expand(hint))
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
    return HealthcoopError(f"SQL: {message}", hint=_meant(found[2], token, statement) or _HINT)


def _meant(kind: str | None, name: str, statement: str) -> str:
    """Give the view or column that a name is most like, as a question, or nothing.

    A column is looked for in the views that the statement names.
    """
    words = set(re.findall(r"\w+", statement.lower()))
    named = [view for view in views() if view.name in words]
    known = {
        "table": [view.name for view in views()],
        "column": list(dict.fromkeys(column for view in named for column, _ in view.columns)),
    }.get(kind or "", [])
    near = get_close_matches(name.rpartition(".")[2], known, n=1)
    if near:
        return f"Did you mean {near[0]}? {_HINT}"
    if kind == "column" and len(named) == 1:
        return f"The columns of {named[0].name}: {', '.join(known)}."
    return ""


def _judge(statement: str, values: Mapping[str, str | float]) -> None:
    """Let SQLite read the statement where there is nothing but the documented views, all empty.

    What it finds there it finds in the index by the same names: however a statement is made, the
    tables of the index cannot be meant, which are another version's to change.
    """
    with closing(sqlite3.connect(":memory:")) as bare:
        for view in views():
            names = ", ".join(f'"{name}"' for name, _ in view.columns)
            nothing = ", ".join("NULL" for _ in view.columns)
            bare.execute(f"CREATE VIEW {view.name} ({names}) AS SELECT {nothing}")
        bare.set_authorizer(_only_views)
        bare.execute(f"EXPLAIN {statement}", values)


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
    connection.set_authorizer(_only_reading)
    # A statement can make text that is none: CAST(x'ff' AS TEXT).
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def _only_reading(action: int, _one: str | None, two: str | None, *_: str | None) -> int:
    """Allow SELECT, and no function that reaches beyond the database."""
    refused = action == sqlite3.SQLITE_FUNCTION and (two or "").lower() in _REFUSED_FUNCTIONS
    return sqlite3.SQLITE_OK if action in _READING and not refused else sqlite3.SQLITE_DENY


def _only_views(action: int, one: str | None, two: str | None, database: str | None, _: Any) -> int:
    """Allow SELECT, over what is no table that SQLite has by itself."""
    if action == sqlite3.SQLITE_READ:
        name = (one or "").lower()
        # A common table is in no database, nor is a view no column of which is asked for.
        known = not name.startswith("sqlite_") if database is None else name in _documented()
        return sqlite3.SQLITE_OK if known else sqlite3.SQLITE_DENY
    return _only_reading(action, one, two)


@cache
def _documented() -> frozenset[str]:
    return frozenset(view.name for view in views())
