"""Bringing the rows up to date: only folders that differ are looked at, only new content parsed."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any, NamedTuple

from healthcoop.files.tree import Stamp, Tree
from healthcoop.index import parsing
from healthcoop.index.bounds import linked, rebound
from healthcoop.index.database import storable
from healthcoop.index.look import Look, mark, settled
from healthcoop.index.parsing import Read, Task
from healthcoop.index.words import words
from healthcoop.model.record import Record

_PARTS = (
    *("party", "body", "person", "topic", "outcome", "place"),
    *("source", "link", "identifier", "former", "stay"),
)
_KEYS = {"problem": "file", "record": "id", "document": "id"} | dict.fromkeys(_PARTS, "record")


class _Known(NamedTuple):
    """A file as the index knows it; ``looked`` is when its folder was looked at."""

    number: int
    stamp: str
    hash: bytes | None
    looked: int


class _Place(NamedTuple):
    """Where a file stands, and what it was stamped."""

    folder: int
    name: str
    stamp: str


def refresh(
    connection: sqlite3.Connection,
    tree: Tree,
    seen: Look,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Make the index hold what the tree holds, within the running transaction.

    The look is used up: of 100,000 new files it would be a sixth of the memory.
    """
    paths = {path for (path,) in connection.execute("SELECT path FROM folder")}
    gone = sorted(paths - seen.signatures.keys())
    known = _known(connection, [*seen.differing, *gone])
    looked: list[tuple[str, int, bool]] = []
    tasks: list[Task] = []
    places: dict[int, _Place] = {}
    numbers = count(connection.execute("SELECT 1 + coalesce(max(id), 0) FROM file").fetchone()[0])
    for folder in [*seen.differing]:
        number_of_folder = _folder(connection, folder)
        found = seen.differing.pop(folder)
        all_settled = True
        for stamp in found.stamps():
            all_settled = all_settled and settled(stamp, seen.moment)
            name = _name(stamp)
            old = known.pop((folder, name), None)
            if old is None or _differs(old, stamp):
                number = old.number if old else next(numbers)
                tasks.append(Task(number, stamp.path, old.hash if old else None))
                places[number] = _Place(number_of_folder, name, mark(stamp))
        looked.append((folder, len(found.names), all_settled))
    touched = [*(old.number for old in known.values()), *places]
    members = linked(connection, touched)
    _drop(connection, [old.number for old in known.values()], with_files=True)
    connection.executemany("DELETE FROM folder WHERE path = ?", ((folder,) for folder in gone))
    unread = _read(connection, tree, tasks, places, progress)
    rebound(connection, members)
    for folder, files, all_settled in looked:
        trusted = all_settled and folder not in unread
        connection.execute(
            "UPDATE folder SET signature = ?, files = ?, looked = ? WHERE path = ?",
            (seen.signatures[folder] if trusted else None, files, seen.moment, folder),
        )


def _known(connection: sqlite3.Connection, folders: list[str]) -> dict[tuple[str, str], _Known]:
    rows = connection.execute(
        "SELECT folder.path, file.name, file.id, file.stamp, file.hash, folder.looked"
        " FROM file JOIN folder ON folder.id = file.folder"
        " WHERE folder.path IN (SELECT value FROM json_each(?))",
        (json.dumps(folders),),
    )
    return {(folder, name): _Known(*rest) for folder, name, *rest in rows}


def _folder(connection: sqlite3.Connection, path: str) -> int:
    connection.execute("INSERT OR IGNORE INTO folder VALUES (NULL, ?, NULL, 0, 0)", (path,))
    number: int
    ((number,),) = connection.execute("SELECT id FROM folder WHERE path = ?", (path,))
    return number


def _name(stamp: Stamp) -> str:
    return storable(stamp.path.rpartition("/")[2])


def _differs(old: _Known, stamp: Stamp) -> bool:
    """Tell whether a file must be looked at: it changed, or may have within the clock's grain."""
    return old.stamp != mark(stamp) or old.hash is None or not settled(stamp, old.looked)


def _read(
    connection: sqlite3.Connection,
    tree: Tree,
    tasks: list[Task],
    places: dict[int, _Place],
    progress: Callable[[int, int], None] | None,
) -> set[str]:
    """Read the files and replace their rows; give the folders of those that cannot be read.

    A file that is gone may come back as it was, with the folder that it lies in.
    """
    kinds = dict(connection.execute("SELECT code, kind FROM term WHERE vocabulary = 'types'"))
    paths = {task.number: task.path for task in tasks}
    unread = set()
    done = 0
    for part in parsing.read(tree.root, kinds, tasks):
        _replace(connection, part, places)
        unread |= {
            paths[number].rpartition("/")[0]
            for number in part.numbers
            if part.hashes.get(number) is None
        }
        done += len(part.numbers)
        if progress:
            progress(done, len(tasks))
    return unread


def _replace(connection: sqlite3.Connection, part: Read, places: dict[int, _Place]) -> None:
    _drop(connection, [number for number in part.numbers if number not in part.same])
    absent = [(number,) for number in part.numbers if number not in part.hashes]
    connection.executemany("DELETE FROM file WHERE id = ?", absent)
    files = ((number, *places[number], content) for number, content in part.hashes.items())
    connection.executemany("REPLACE INTO file VALUES (?, ?, ?, ?, ?)", files)
    for table, rows in part.rows.items():
        into = "words (rowid, text)" if table == "words" else table
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)


def _drop(
    connection: sqlite3.Connection, numbers: Iterable[int], *, with_files: bool = False
) -> None:
    """Delete the rows of files; of those that have none, as of new ones, nothing."""
    keys: list[tuple[Any, ...]] = connection.execute(
        "SELECT id FROM file WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(numbers)),),
    ).fetchall()
    for key in keys:
        for (data,) in connection.execute("SELECT data FROM document WHERE id = ?", key).fetchall():
            text = words(Record.from_data(json.loads(data)))
            connection.execute(
                "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", (*key, text)
            )
    for table, column in _KEYS.items() | ({("file", "id")} if with_files else set()):
        connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", keys)
