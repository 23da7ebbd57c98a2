"""The open index: one SQLite connection, and what is done when its file turns out damaged."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from healthcoop.errors import HealthcoopError
from healthcoop.model.folding import fold

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 10.0
"""How many seconds to wait for another process before building in memory."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is no record: the place in it (from 1), the rule it breaks, and why."""

    path: str
    line: int
    column: int
    code: str
    message: str


class Index:
    """The records of one data set as rows, as they were when it was opened or a little later."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        root: Path,
        path: Path | None,
        reopen: Callable[[], sqlite3.Connection],
    ) -> None:
        """Take an open connection; ``path`` is its file, None for memory.

        ``root`` is the data set's folder; ``reopen`` builds anew and gives another connection.
        """
        self.connection = connection
        self.root = root
        self.path = path
        self._reopen = reopen

    def __enter__(self) -> "Index":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; iterators given out before stay good."""
        self.connection.close()

    @cached_property
    def vocabulary(self) -> "Vocabulary":
        """Every code list of the data set."""
        from healthcoop.model.vocabulary import Vocabulary

        ((data,),) = _rows(self, "SELECT data FROM vocabulary")
        return Vocabulary(json.loads(data))

    @property
    def problems(self) -> list[Unreadable]:
        """The files that are no records here, by path."""
        return [Unreadable(*row) for row in _rows(self, "SELECT * FROM problems ORDER BY path")]

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Hold one state of the index for several questions."""
        self.connection.execute("BEGIN")
        try:
            yield self.connection
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    def mend(self) -> None:
        """Build the index anew, its file having turned out damaged."""
        self.connection.close()
        self.connection = self._reopen()


def connect(path: Path | None, *, existing: bool = False) -> sqlite3.Connection:
    """Open the index's file, or memory; nothing is read yet.

    A file that is not there is made, or with ``existing`` raises sqlite3.OperationalError.
    """
    name: Path | str = path or ":memory:"
    if path and existing:
        name = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(name, timeout=PATIENCE, isolation_level=None, uri=existing)
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.create_function("fold", 1, fold, deterministic=True)
    return connection


def storable(text: str) -> str:
    """Give a text as SQLite takes it: file names and arguments may hold bytes that are no UTF-8."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "backslashreplace")


def damaged(error: sqlite3.Error) -> bool:
    """Tell whether an error says that the file is no sound database, or is gone."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # of Python's own: we stored no text that is none
        return "decode to UTF-8" in str(error)
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN)


def half_answered(index: Index) -> HealthcoopError:
    """Mend an index that turned out damaged when rows of it had been given; say so."""
    index.mend()
    return HealthcoopError(
        "the index turned out damaged half-way, and was built anew", hint="Ask once more."
    )


def asking(
    function: Callable[Concatenate[Index, P], T],
) -> Callable[Concatenate[Index, P], T]:
    """Make a question be asked again, of a new index, where the file turns out damaged.

    The function must have fetched all that it gives when it returns.
    """

    @wraps(function)
    def ask(index: Index, /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(index, *args, **kwargs)
        except sqlite3.DatabaseError as error:
            if not damaged(error):
                raise
        index.mend()
        return function(index, *args, **kwargs)

    return ask


@asking
def _rows(index: Index, statement: str) -> list[tuple[Any, ...]]:
    return index.connection.execute(statement).fetchall()
