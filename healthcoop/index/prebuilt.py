"""The index that a wheel carries beside its records: written once, then only read."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from healthcoop.files.tree import Tree
from healthcoop.index.database import Index, connect, is_damage
from healthcoop.index.sync import open_index

NAME = "index.sqlite"


def write(tree: Tree, target: Path, *, cache: Path) -> None:
    """Write the index of a tree to a file that ``open_prebuilt`` can open; the same on every run.

    ``cache`` is a folder for the index that it is copied from. Raises as ``open_index``.
    """
    with open_index(tree, cache=cache) as index:
        # What is true only of this machine: when the files were written, and where they are.
        index.connection.execute("BEGIN")
        index.connection.execute("UPDATE file SET stamp = NULL")
        index.connection.execute("DELETE FROM meta WHERE key IN ('state', 'root', 'python')")
        index.connection.execute("COMMIT")
        index.connection.execute("VACUUM INTO ?", (os.fspath(target),))
    with closing(sqlite3.connect(target)) as written:
        written.execute("PRAGMA journal_mode = DELETE")


def open_prebuilt(tree: Tree) -> Index | None:
    """Open the index beside the records of a tree, read-only; None where there is none.

    Nothing is compared with the files. Where the file is damaged or cannot be read, or is that of
    another SQLite, there is none.
    """
    path = tree.root / NAME
    if not path.is_file():
        return None

    def rebuild() -> sqlite3.Connection:
        return open_index(tree).connection

    try:
        connection = connect(path, read_only=True)
    except sqlite3.OperationalError:
        return None
    try:
        connection.execute("SELECT count(*) FROM record").fetchall()
    except sqlite3.Error as error:
        connection.close()
        if is_damage(error) or isinstance(error, sqlite3.OperationalError):
            return None
        raise
    return Index(connection, root=tree.root, reopen=rebuild)
