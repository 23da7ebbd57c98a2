"""Index freshness: open the index of a tree, updating or building it first where needed.

Before every answer the table of files in the index is compared with the tree, by a stamp of each
file: a hash of its mode, size, times and inode. Where one hash of all paths and stamps is that of
the table, nothing differs; else what differs is read and replaced in one transaction under SQLite's
own lock. A file that changed so shortly before the comparison that it
might change again without a new time ("racily clean", as git calls it) is stored without a stamp,
so that its content is compared next time.

An index made by another version of the tool, or from other vocabularies, is rebuilt in the same
transaction, never replaced by a file renamed over it: SQLite finds a journal by name, so a process
that has the old file open would take the new one's journal for its own. Only a file that is damaged
or is no index is removed.
"""

import gc
import json
import os
import sqlite3
import sys
import time
from array import array
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache as cached
from itertools import chain, count, repeat
from pathlib import Path
from typing import Any, NamedTuple

from healthcoop import __version__
from healthcoop.files.tree import Folder, Tree
from healthcoop.index.database import Index, connect, digest, is_damage, statements, storable

Progress = Callable[[int, int], None]
"""Called with the number of files read so far and in all."""
Status = tuple[int, int, int, int, int]
"""Mode, size, mtime_ns, ctime_ns and inode of a file."""
Identity = tuple[int, int]
"""Device and inode of a file."""

_PACKAGE = Path(__file__).parents[1]
_CODE = ("index", "model", "files")  # the folders of the package that decide what the rows are
_ATTEMPTS = 5
_DAY = 86_400
_MAX_AGE = 90 * _DAY

_SECOND = 1_000_000_000
_GRAIN = 20_000_000  # ns: more than a tick of a file system's clock, at most 15.6 ms
_COARSE_GRAIN = 2 * _SECOND + _GRAIN  # FAT stores every other second
_CTIME_IS_CHANGE_TIME = os.name != "nt"

_KNOWN = "SELECT path, id, hash FROM file WHERE path IN (SELECT value FROM json_each(?))"


class _Opened(NamedTuple):
    connection: sqlite3.Connection
    identity: Identity | None


class _Scan(NamedTuple):
    """How the tree differed from the table of files at ``moment`` (nanoseconds since 1970).

    ``number`` is that of the files, ``state`` a hash of their paths and stamps. By path,
    ``changed`` has the status of new and changed files, ``old`` the id and hash that the index has
    of these and of deleted files, ``names`` the path on disk where it is another.
    """

    moment: int
    number: int
    state: bytes
    changed: dict[str, Status]
    old: dict[str, list[Any]]
    names: dict[str, str]


def open_index(tree: Tree, *, progress: Progress | None = None, cache: Path | None = None) -> Index:
    """Open the index of a tree, updating it first if any file changed.

    Its file is in the folder ``cache``, by default the user's cache folder. The index is built in
    memory where that folder cannot be written or stays locked. Raises InvalidSchema if the
    vocabularies cannot be read, HealthcoopError if a folder cannot be listed.
    """
    path = cache_file(tree.root, cache)
    opened = _open(tree, path, progress)

    def reopen() -> sqlite3.Connection:
        nonlocal opened
        if path and opened.identity:
            with suppress(OSError):
                _discard(path, opened.identity)
        opened = _open(tree, path, progress)
        return opened.connection

    return Index(opened.connection, root=tree.root, reopen=reopen)


def cache_file(root: Path, folder: Path | None = None) -> Path | None:
    """Return the path of a root's index; None if its folder cannot be created."""
    try:
        if folder is None:
            from platformdirs import user_cache_path  # 8 ms

            folder = user_cache_path("healthcoop", appauthor=False)
            if not folder.is_absolute():
                return None
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # RuntimeError: the user has no home
        return None
    return folder / f"{digest(_resolved(root).encode()).hex()}.sqlite"


def is_settled(status: Status, moment: int) -> bool:
    """Return whether any change to a file after ``moment`` must change its status.

    Where ctime is not the time of change (Windows), mtime alone decides, by the coarse grain.
    """
    _, _, mtime_ns, ctime_ns, _ = status
    if not _CTIME_IS_CHANGE_TIME:
        return mtime_ns < moment - _COARSE_GRAIN
    # A file system may store whole seconds of one time and finer ones of the other, as FAT does.
    whole = mtime_ns % _SECOND == 0 or ctime_ns % _SECOND == 0
    return max(mtime_ns, ctime_ns) < moment - (_COARSE_GRAIN if whole else _GRAIN)


def _open(tree: Tree, path: Path | None, progress: Progress | None) -> _Opened:
    if path is not None:
        with suppress(OSError, sqlite3.OperationalError):  # locked, full, read-only
            for _ in range(_ATTEMPTS):
                if opened := _open_file(tree, path, progress):
                    return opened
    connection = connect(None)
    _sync(connection, tree, progress)
    return _Opened(connection, None)


def _open_file(tree: Tree, path: Path, progress: Progress | None) -> _Opened | None:
    """Open the index's file and bring it up to date; None if it has to be tried again."""
    identity = _mark_as_opened(path)
    connection = connect(path)
    try:
        _sync(connection, tree, progress)
    except BaseException as error:
        connection.close()
        code = getattr(error, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_READONLY_DBMOVED:  # another process has removed the file
            return None
        # A table that is missing or violates its constraints is damage, too.
        if is_damage(error) or code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT):
            _discard(path, identity)
            return None
        raise
    return _Opened(connection, identity)


def _mark_as_opened(path: Path) -> Identity:
    """Create the file if it is missing; update its time once a day, for ``_evict``."""
    try:
        status = path.stat()
        if status.st_mtime < time.time() - _DAY:
            os.utime(path)
            _evict(path.parent)
    except FileNotFoundError:
        path.touch()
    except PermissionError:  # it may still be read
        pass
    return _identity(path)


def _evict(folder: Path) -> None:
    """Remove the indexes that nobody opened for 90 days."""
    for path in folder.glob(f"{'[0-9a-f]' * 32}*"):
        with suppress(OSError):
            if path.stat().st_mtime < time.time() - _MAX_AGE:
                path.unlink()


def _identity(path: Path) -> Identity:
    status = path.stat()
    return status.st_dev, status.st_ino


def _discard(path: Path, identity: Identity) -> None:
    """Remove a damaged file, unless another process has replaced it meanwhile."""
    with suppress(FileNotFoundError):
        if _identity(path) == identity:
            # The journal first: it would be taken for the next file's.
            path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
            path.unlink()


def _sync(connection: sqlite3.Connection, tree: Tree, progress: Progress | None) -> None:
    """Make the index agree with the tree, in one transaction if anything differs."""
    version = _version(connection)
    meta, scan = _compare(connection, tree)
    if scan and not scan.changed and not scan.old:
        return
    connection.execute("PRAGMA cache_size = -32000")  # kB
    connection.execute("BEGIN IMMEDIATE")
    if _version(connection) != version:
        # Another process has written since: this scan may be the older one, and would take back
        # what others have answered already.
        meta, scan = _compare(connection, tree)
    if scan is None or _vocabularies_differ(meta, scan, tree):
        scan = _rebuild(connection, tree)
    _apply(connection, tree, scan, progress)
    connection.execute("COMMIT")


def _compare(connection: sqlite3.Connection, tree: Tree) -> tuple[dict[str, Any], _Scan | None]:
    """Return what the index was made from, and how the tree differs; None if it must be rebuilt."""
    try:
        meta = dict(connection.execute("SELECT key, value FROM meta"))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        meta = {}  # there is no such table: the file is new, or another program's
    current = all(meta.get(key) == value for key, value in _origin(tree).items())
    return meta, _scan(connection, tree, meta.get("state")) if current else None


def _vocabularies_differ(meta: Mapping[str, Any], scan: _Scan, tree: Tree) -> bool:
    paths = chain(scan.old, scan.changed)
    if not any(path.startswith("schema/") for path in paths):
        return False
    from healthcoop.index.load import read_vocabularies

    return digest(read_vocabularies(tree)[1]) != meta.get("vocabularies")


def _rebuild(connection: sqlite3.Connection, tree: Tree) -> _Scan:
    """Empty the database, create its tables and store the vocabularies."""
    from healthcoop.index.load import read_vocabularies, store_vocabularies

    for kind in ("view", "table"):
        # The full text first: its own tables go with it and cannot be dropped alone.
        objects = (
            "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite%'"
            " ORDER BY sql NOT LIKE 'CREATE VIRTUAL%' LIMIT 1"
        )
        while row := connection.execute(objects, (kind,)).fetchone():
            connection.execute(f'DROP {kind} "{row[0]}"')
    for script in ("schema.sql", "spans.sql", "views.sql"):
        for statement in statements((_PACKAGE / "index" / script).read_text(encoding="utf-8")):
            connection.execute(statement)
    scan = _scan(connection, tree, None)
    vocabulary, content = read_vocabularies(tree)
    store_vocabularies(connection, vocabulary)
    meta = {**_origin(tree), "vocabularies": digest(content)}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    return scan


def _origin(tree: Tree) -> dict[str, str]:
    # Python's version, because another one may fold other letters.
    return {
        "tool": __version__,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "code": _code(),
        "root": _resolved(tree.root),
    }


@cached
def _code() -> str:
    """Return a hash that changes with the tool's source, as its version does not in development."""
    stamps = chain.from_iterable(map(Tree(_PACKAGE).stamps, _CODE))
    code = [stamp[:3] for stamp in stamps if stamp.path.endswith((".py", ".sql"))]
    return digest(repr(code).encode("utf-8", "surrogatepass")).hex()


def _resolved(root: Path) -> str:
    return storable(os.path.realpath(root))


def _version(connection: sqlite3.Connection) -> int:
    """Return a number that changes when another connection writes to the file."""
    number: int
    ((number,),) = connection.execute("PRAGMA data_version").fetchall()
    return number


def _scan(connection: sqlite3.Connection, tree: Tree, state: bytes | None) -> _Scan:
    """Compare the tree with the table of files, whose own state is ``state`` where it is known."""
    moment = time.time_ns()
    changed: dict[str, Status] = {}
    names: dict[str, str] = {}
    known: dict[str, int | None] = {}
    # Nothing that a scan of 100,000 files makes is garbage before its end.
    enabled = gc.isenabled()
    gc.disable()
    try:
        folders = [*tree.folders("schema"), *tree.record_folders()]
        stamps = [[*map(hash, folder.statuses)] for folder in folders]
        found = _state(folders, stamps)
        if found != state:
            known = dict(connection.execute("SELECT path, stamp FROM file"))
            for folder, current in zip(folders, stamps, strict=True):
                paths = _paths(folder, names)
                if (stored := [*map(known.pop, paths, repeat(None))]) != current:
                    files = zip(paths, folder.statuses, stored, current, strict=True)
                    changed.update((path, new) for path, new, one, other in files if one != other)
    finally:
        if enabled:
            gc.enable()
    differing = json.dumps([*changed, *known]) if changed or known else "[]"
    old = {path: rest for path, *rest in connection.execute(_KNOWN, (differing,))}
    return _Scan(moment, sum(map(len, stamps)), found, changed, old, names)


def _state(folders: list[Folder], stamps: list[list[int]]) -> bytes:
    """Return a hash of the paths and stamps of files, in the file system's order."""
    parts: list[bytes] = []
    for folder, numbers in zip(folders, stamps, strict=True):
        names = "/".join([folder.path, "", *folder.names])
        parts += names.encode("utf-8", "surrogatepass"), array("q", numbers).tobytes()
    return digest(b"\0".join(parts))


def _paths(folder: Folder, names: dict[str, str]) -> list[str]:
    """Return the paths of a folder's files as they are stored; note those that are others."""
    paths = [f"{folder.path}/{name}" for name in folder.names]
    if "".join(paths).isascii():
        return paths
    stored = [*map(storable, paths)]
    names.update((one, path) for one, path in zip(stored, paths, strict=True) if one != path)
    return stored


def _apply(
    connection: sqlite3.Connection, tree: Tree, scan: _Scan, progress: Progress | None
) -> None:
    """Replace the rows of every file that differs, within the current transaction."""
    from healthcoop.index import load
    from healthcoop.index.link_effects import linked, update_link_effects

    numbers = count(connection.execute("SELECT 1 + coalesce(max(id), 0) FROM file").fetchone()[0])
    tasks, files, rest = [], {}, dict(scan.old)
    for path in sorted(scan.changed):
        number, content = rest.pop(path, None) or (next(numbers), None)
        files[number] = path, scan.changed[path]
        if not path.startswith("schema/"):
            tasks.append(load.Task(number, scan.names.get(path, path), content))
    schema = files.keys() - {task.number for task in tasks}
    _store(connection, dict.fromkeys(schema, b""), files, scan.moment)
    deleted = [number for number, _ in rest.values()]
    members = linked(connection, [*deleted, *files])
    load.delete_rows(connection, deleted)
    connection.executemany("DELETE FROM file WHERE id = ?", ((number,) for number in deleted))
    kinds = dict(connection.execute("SELECT code, kind FROM term WHERE vocabulary = 'types'"))
    done = 0
    for loaded in load.read_files(tree.root, kinds, tasks):
        same = loaded.same
        load.delete_rows(connection, [number for number in loaded.numbers if number not in same])
        absent = ((number,) for number in loaded.numbers if number not in loaded.hashes)
        connection.executemany("DELETE FROM file WHERE id = ?", absent)
        _store(connection, loaded.hashes, files, scan.moment)
        load.insert_rows(connection, loaded.rows)
        done += len(loaded.numbers)
        if progress:
            progress(done, len(tasks))
    update_link_effects(connection, members)
    ((files_stored, stamps),) = connection.execute("SELECT count(*), count(stamp) FROM file")
    # Not where a file was deleted since the scan, or has to be read again.
    state = scan.state if files_stored == stamps == scan.number else None
    connection.execute("REPLACE INTO meta VALUES ('state', ?)", (state,))


def _store(
    connection: sqlite3.Connection,
    hashes: Mapping[int, bytes | None],
    files: Mapping[int, tuple[str, Status]],
    moment: int,
) -> None:
    """Store files; without a stamp those that must be read again next time."""
    rows = []
    for number, content in hashes.items():
        path, status = files[number]
        trusted = content is not None and is_settled(status, moment)
        rows.append((number, path, hash(status) if trusted else None, content))
    connection.executemany("REPLACE INTO file VALUES (?, ?, ?, ?)", rows)
