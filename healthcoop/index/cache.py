"""Where the index of a data set lives: one file under the user's cache folder.

Whoever writes holds a lock file's lock, so that a damaged file is removed while nobody writes to
it. What is written is one transaction: a process that is killed leaves what was there before, which
for a first build is an empty file that nobody trusts. Who has written seals the file: SQLite would
notice few of the bytes that a bad copy, an editor or half a download changed.
"""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from healthcoop.index.database import PATIENCE, storable
from healthcoop.index.look import digest

_PLATFORM: str = sys.platform
FORMAT = 2
"""The version of the tables; files of two versions never meet."""


def resolved(root: Path) -> str:
    """Give the one name of a root, as text that can be stored."""
    return storable(os.path.realpath(root))


def cache_file(root: Path, folder: Path | None = None) -> Path | None:
    """Name the file of a root's index; None where the folder cannot be made."""
    try:
        if folder is None:
            folder = _user_folder()
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # RuntimeError: the user has no home
        return None
    return folder / f"{digest(resolved(root).encode()).hex()}-{FORMAT}.sqlite"


def _user_folder() -> Path:
    if _PLATFORM == "linux":
        # As platformdirs has it (XDG Base Directory Specification), without its 7 ms of imports.
        given = os.environ.get("XDG_CACHE_HOME", "").strip()
        base = Path(given) if os.path.isabs(given) else Path.home() / ".cache"
        return base / "healthcoop"
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("healthcoop", appauthor=False))


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Be the only writer of a file; raises sqlite3.OperationalError when that takes too long."""
    # SQLite's own lock: portable, patient, and gone with the process that held it.
    with closing(
        sqlite3.connect(path.with_suffix(".lock"), timeout=PATIENCE, isolation_level=None)
    ) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


def seal(path: Path) -> None:
    """Write down in what state a file was left; for who is its only writer."""
    # Without a seal it is built anew, which is slow and as right.
    with suppress(OSError):
        _seal(path).write_bytes(_state(path))


def is_sealed(path: Path) -> bool:
    """Tell whether a file is as its last writer left it, by size and time of change."""
    try:
        return _seal(path).read_bytes() == _state(path)
    except OSError:
        return False


def _seal(path: Path) -> Path:
    return path.with_suffix(".seal")


def _state(path: Path) -> bytes:
    # Neither inode nor ctime: a cache folder may be copied with its times, or lose a permission.
    status = path.stat()
    return b"%d %d\n" % (status.st_size, status.st_mtime_ns)


def remove(path: Path) -> None:
    """Remove a damaged file; raises sqlite3.OperationalError where it cannot be."""
    try:
        # The journal first: beside a new file it would be taken for that one's.
        path.with_name(path.name + "-journal").unlink(missing_ok=True)
        path.unlink(missing_ok=True)
    except OSError as error:
        raise sqlite3.OperationalError(str(error)) from error
