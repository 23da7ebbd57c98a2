"""The open index: one SQLite connection, which is rebuilt if its file turns out damaged."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from healthcoop.errors import HealthcoopError
from healthcoop.model.folding import fold, name_key

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary

try:
    # hashlib's blake2b without loading OpenSSL, which takes 3 ms.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 10.0
"""Seconds to wait for another process's lock before building in memory instead."""


class UnreadableFile(NamedTuple):
    """A file that is not a valid record: the place in it (from 1), the rule it breaks, and why."""

    path: str
    line: int
    column: int
    code: str
    message: str


class Index:
    """The records of one data set as rows, as of when it was opened or a little later."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        root: Path,
        reopen: Callable[[], sqlite3.Connection],
    ) -> None:
        """Wrap an open connection.

        ``root`` is the data set's folder; ``reopen`` rebuilds the index and returns a connection.
        """
        self.connection = connection
        self.root = root
        self._reopen = reopen
        self._process = os.getpid()
        self._inherited: sqlite3.Connection | None = None

    def __enter__(self) -> "Index":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def path(self) -> Path | None:
        """The index's file; None if it is in memory."""
        _, _, name = self.connection.execute("PRAGMA database_list").fetchall()[0]
        return Path(name) if name else None

    def close(self) -> None:
        """Close the connection; iterators returned before remain valid."""
        self.connection.close()

    @cached_property
    def vocabulary(self) -> "Vocabulary":
        """Every code list of the data set."""
        from healthcoop.model.vocabulary import Vocabulary

        return Vocabulary(_vocabulary(self))

    @property
    def problems(self) -> list[UnreadableFile]:
        """The files that are not valid records, by path."""
        return _problems(self)

    @property
    def missing(self) -> str:
        """The first of the files that are not valid records, with the number of the others."""
        problems = self.problems
        if not problems:
            return ""
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        return f"{problems[0].path}:{problems[0].line}: {problems[0].message}{more}"

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Run several statements on the same state of the index."""
        self.connection.execute("BEGIN")
        try:
            yield self.connection
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    def reconnect_after_fork(self) -> None:
        """Open the index's file again in a forked process; SQLite forbids to share a connection.

        That of the parent is neither used nor closed. An index in memory is a copy already.
        """
        if self._process != os.getpid():
            self._process = os.getpid()
            if path := self.path:
                self._inherited = self.connection
                self.connection = connect(path, existing=True)

    def rebuild(self) -> None:
        """Discard the damaged file and build the index again."""
        self.connection.close()
        self.connection = self._reopen()


def connect(
    path: Path | None, *, existing: bool = False, read_only: bool = False
) -> sqlite3.Connection:
    """Open the index's file, or a database in memory; nothing is read yet.

    A missing file is created; with ``existing`` it raises sqlite3.OperationalError. ``read_only``
    is for a file that nobody changes: it needs no lock, and no right to write in its folder.
    """
    name: Path | str = path or ":memory:"
    if path and (existing or read_only):
        mode = "mode=ro&immutable=1" if read_only else "mode=rw"
        name = f"{path.absolute().as_uri()}?{mode}"
    uri = existing or read_only
    connection = sqlite3.connect(name, timeout=PATIENCE, isolation_level=None, uri=uri)
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cell_size_check = ON")  # finds some damage that reading would not
    for function in (fold, name_key):
        connection.create_function(function.__name__, 1, function, deterministic=True)
    return connection


def statements(script: str) -> Iterator[str]:
    """Split a script into statements; sqlite3 runs a whole one only outside a transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def storable(text: str) -> str:
    """Escape what SQLite cannot store: file names and arguments may contain bytes beyond UTF-8."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "backslashreplace")


def digest(content: bytes) -> bytes:
    """Return a hash of 16 bytes."""
    return blake2b(content, digest_size=16).digest()


def is_damage(error: BaseException) -> bool:
    """Return whether an error means that the index's file is damaged, is no database or is gone.

    What is read from a sound file never raises other errors than SQLite's: damaged text or rows of
    another table may raise any.
    """
    if not isinstance(error, sqlite3.Error):
        return isinstance(error, Exception) and not isinstance(
            error, HealthcoopError | MemoryError | OSError
        )
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # raised by Python itself: the index stores only valid text
        return "decode to UTF-8" in str(error)
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN)


def _is_refusal(error: Exception) -> bool:
    """Return whether SQLite refused a statement, as it does where a table's definition is lost."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR


def _unanswered(error: Exception) -> HealthcoopError:
    return HealthcoopError(f"the index cannot answer this: {error}")


def damaged_midway(index: Index) -> HealthcoopError:
    """Rebuild an index whose damage shows after some rows were returned; return the error."""
    index.rebuild()
    return HealthcoopError(
        "the index was damaged and has been rebuilt; the output so far is incomplete",
        hint="Run the command again.",
    )


def retry_after_damage(
    function: Callable[Concatenate[Index, P], T],
) -> Callable[Concatenate[Index, P], T]:
    """Rebuild the index and call the function once more if the index's file is damaged.

    The function must have fetched everything it returns. Raises HealthcoopError where SQLite cannot
    answer for another reason, as for a pattern that is too long.
    """

    @wraps(function)
    def call(index: Index, /, *args: P.args, **kwargs: P.kwargs) -> T:
        before = index.connection
        try:
            return function(index, *args, **kwargs)
        except (HealthcoopError, MemoryError, OSError):
            raise
        except Exception as error:
            # If an inner call has rebuilt the index, this one's connection is closed.
            if index.connection is before and not (is_damage(error) or _is_refusal(error)):
                raise _unanswered(error) from None
        if index.connection is before:
            index.rebuild()
        try:
            return function(index, *args, **kwargs)
        except sqlite3.Error as error:
            raise _unanswered(error) from None

    return call


@retry_after_damage
def _vocabulary(index: Index) -> Any:
    ((data,),) = index.connection.execute("SELECT data FROM vocabulary").fetchall()
    return json.loads(data)


@retry_after_damage
def _problems(index: Index) -> list[UnreadableFile]:
    rows = index.connection.execute("SELECT * FROM problems ORDER BY path").fetchall()
    return [UnreadableFile(*row) for row in rows]
