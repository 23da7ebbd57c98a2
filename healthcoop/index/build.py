"""Opening the index: trusted as it is where no file changed, brought up to date where some did."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from functools import cache as once
from pathlib import Path
from typing import Any, NamedTuple

from healthcoop import __version__
from healthcoop.files.tree import Tree
from healthcoop.index import cache as files
from healthcoop.index.database import Index, connect, damaged
from healthcoop.index.look import Known, Look, SchemaLook, digest, look, look_at_schema

Progress = Callable[[int, int], None]
"""Told how many files of how many have been read."""

_HERE = Path(__file__).parent
_DECIDING = ("index", "model", "text")
"""The rooms of the package whose code decides what the rows of a file are."""


class _State(NamedTuple):
    """What an index says that it stands for; another after each time it was brought up to date."""

    meta: dict[str, Any]
    folders: dict[str, Known]


class _Seen(NamedTuple):
    """A look at all files, and the state of the index that it was compared with."""

    state: _State
    schema: SchemaLook
    records: Look


def open_index(tree: Tree, *, progress: Progress | None = None, cache: Path | None = None) -> Index:
    """Open the index of a tree as its files are now.

    It lies in the folder ``cache``, by default the user's cache folder, and in memory where that
    cannot be written or is locked for long. ``progress`` is told of files that have to be read.
    Raises InvalidSchema where the vocabularies cannot be read.
    """
    path = files.cache_file(tree.root, cache)

    def reopen() -> sqlite3.Connection:
        return _refreshed(tree, path, progress, discard=True)

    connection, seen = _current(tree, path) if path and files.is_sealed(path) else (None, None)
    if connection is None:
        connection = _refreshed(tree, path, progress, seen=seen)
    return Index(connection, root=tree.root, path=_file(connection), reopen=reopen)


def _file(connection: sqlite3.Connection) -> Path | None:
    ((_, _, name),) = connection.execute("PRAGMA database_list").fetchall()
    return Path(name) if name else None


def _current(tree: Tree, path: Path) -> tuple[sqlite3.Connection | None, _Seen | None]:
    """Open the file if it stands for the files as they are; give what was seen of them if not."""
    seen = None
    try:
        connection = connect(path)
    except sqlite3.OperationalError:
        return None, None
    try:
        state = _state(connection)
        if _is_ours(state.meta, tree):
            seen = _look(tree, state)
            if _is_current(seen):
                return connection, None
    except sqlite3.DatabaseError:  # empty, foreign, damaged or locked: all one here
        pass
    connection.close()
    return None, seen


def _state(connection: sqlite3.Connection) -> _State:
    meta = dict(connection.execute("SELECT key, value FROM meta"))
    folders = connection.execute("SELECT path, signature, files, looked FROM folder")
    return _State(meta, {path: Known(*rest) for path, *rest in folders})


def _look(tree: Tree, state: _State) -> _Seen:
    return _Seen(state, look_at_schema(tree), look(tree, state.folders))


def _is_current(seen: _Seen) -> bool:
    return (
        seen.state.meta.get("schema") == seen.schema.signature
        and not seen.records.differing
        and len(seen.records.signatures) == len(seen.state.folders)
    )


def _origin(tree: Tree) -> dict[str, str]:
    # Another Python may know other letters: its folding would not find what this one's stored.
    return {
        "format": str(files.FORMAT),
        "tool": __version__,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "code": _code(),
        "root": files.resolved(tree.root),
    }


@once
def _code() -> str:
    """Give what changes with the source: a version number does not, while it is worked on."""
    package = Tree(_HERE.parent)
    return digest(
        "".join(
            f"{stamp.path}\0{stamp.size} {stamp.mtime_ns}\n"
            for room in _DECIDING
            for stamp in package.stamps(room)
            if stamp.path.endswith((".py", ".sql"))
        ).encode("utf-8", "surrogatepass")
    ).hex()


def _is_ours(meta: dict[str, Any], tree: Tree) -> bool:
    return all(meta.get(key) == value for key, value in _origin(tree).items())


def _refreshed(
    tree: Tree,
    path: Path | None,
    progress: Progress | None,
    *,
    seen: _Seen | None = None,
    discard: bool = False,
) -> sqlite3.Connection:
    """Bring the file up to date and open it; build in memory where that cannot be done."""
    if path is not None:
        try:
            with files.alone(path):
                if discard or not files.is_sealed(path):
                    files.remove(path)
                try:
                    connection = _brought_up(tree, path, progress, seen)
                except sqlite3.DatabaseError as error:
                    if not damaged(error):
                        raise
                    files.remove(path)
                    connection = _brought_up(tree, path, progress)
                files.seal(path)
                return connection
        except sqlite3.OperationalError:  # locked, full, not ours to write
            pass
    return _brought_up(tree, None, progress)


def _brought_up(
    tree: Tree, path: Path | None, progress: Progress | None, seen: _Seen | None = None
) -> sqlite3.Connection:
    connection = connect(path)
    try:
        connection.execute("PRAGMA cache_size = -32000")  # kB; rows are mostly appended
        connection.execute("BEGIN IMMEDIATE")
        _bring_up(connection, tree, progress, seen)
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def _bring_up(
    connection: sqlite3.Connection, tree: Tree, progress: Progress | None, seen: _Seen | None
) -> None:
    # Only who writes parses: nothing of this is loaded to answer a question.
    from healthcoop.index import refresh, terms

    try:
        state = _state(connection)
    except sqlite3.OperationalError:  # an empty or foreign file
        state = _State({}, {})
    # A look from before this process was alone still holds if nobody wrote since. If somebody
    # did, it may be the older one, and would take back what others were told already.
    if seen is None or seen.state != state:
        seen = _look(tree, state)
    records = seen.records
    ours = _is_ours(state.meta, tree)
    if not ours or state.meta.get("schema") != seen.schema.signature:
        vocabulary, content = terms.read(tree)
        if not ours or state.meta.get("vocabularies") != content:
            _create(connection, tree)
            terms.store(connection, vocabulary)
            connection.execute("INSERT INTO meta VALUES ('vocabularies', ?)", (content,))
            if state.folders:
                records = look(tree, {})
        signature = seen.schema.signature if seen.schema.settled else None
        connection.execute("REPLACE INTO meta VALUES ('schema', ?)", (signature,))
    refresh.refresh(connection, tree, records, progress)


def _create(connection: sqlite3.Connection, tree: Tree) -> None:
    """Empty the database and make the tables, inside the running transaction."""
    things = "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite%' AND sql > ''"
    for kind in ("view", "table"):
        while names := [name for what, name in connection.execute(things) if what == kind]:
            # The full text first: its own tables go with it and cannot be dropped alone.
            name = next((name for name in names if name == "words"), names[0])
            connection.execute(f'DROP {kind} "{name}"')
    for script in ("schema.sql", "views.sql"):
        for statement in statements((_HERE / script).read_text(encoding="utf-8")):
            connection.execute(statement)
    connection.executemany("INSERT INTO meta VALUES (?, ?)", _origin(tree).items())


def statements(script: str) -> Iterator[str]:
    """Split a script, since Python runs one only outside a transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
