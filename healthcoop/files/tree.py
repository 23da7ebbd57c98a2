"""The files of a working tree: what a data set consists of, and what tells that one changed."""

import os
import stat
from collections.abc import Iterator, Mapping
from itertools import compress
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import NamedTuple

from healthcoop.errors import HealthcoopError

MAX_BYTES = 256 * 1024
"""The most that a YAML file may have; the reader refuses one that has more."""

_MOST_BYTES = 16 * 1024 * 1024  # of any other file, as the list of countries
# What was a file a moment ago may be a link or a pipe now: neither is followed or waited for.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)


class Stamp(NamedTuple):
    """What the file system says of a file; two stamps differ when its content may differ."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Folder(NamedTuple):
    """The files of one folder, in whatever order the file system has them.

    ``statuses`` has for each of ``names`` its mode and what a stamp says: size, mtime_ns, ctime_ns,
    inode.
    """

    path: str
    names: list[str]
    statuses: list[tuple[int, int, int, int, int]]

    def stamps(self) -> Iterator[Stamp]:
        """Give the stamp of each file, by name."""
        for name, status in sorted(zip(self.names, self.statuses, strict=True)):
            yield Stamp(f"{self.path}/{name}", *status[1:])


class UnexpectedFile(NamedTuple):
    """What lies under ``records/`` and is no record: ``what`` says which kind of thing it is.

    ``what`` is ``file``, ``hidden``, ``link`` or ``special`` (a pipe, a socket, a device);
    ``leads`` says in words where a link leads.
    """

    path: str
    what: str
    leads: str = ""


KEPT = (".gitkeep", ".gitignore", ".gitattributes", ".editorconfig")
"""Hidden files that tell git and editors how to treat a folder: they may lie among records."""


class Tree(Mapping[str, bytes]):
    """The record files under a root, from path (with ``/``, below the root) to content.

    A lazy mapping: a file is read when it is asked for, and raises OSError when it cannot be.
    """

    def __init__(self, root: Path) -> None:
        """Take the folder that holds ``records/`` and ``schema/``."""
        self.root = root
        self._folder = os.path.join(root, "")

    def __getitem__(self, path: str) -> bytes:
        """Read one file; KeyError where there is none, OSError where it cannot be read.

        Of a YAML file that is larger than any may be, no more is read than tells so.
        """
        name = f"{self._folder}{path}"
        most = MAX_BYTES if is_record(path) else _MOST_BYTES
        try:
            status = os.lstat(name)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(self._irregular(name))
            content = _read(name, expected=status.st_size, most=most)
        except FileNotFoundError:
            raise KeyError(path) from None
        if len(content) > _MOST_BYTES:
            raise OSError(f"it has more than {_MOST_BYTES:,} bytes")
        return content

    def __iter__(self) -> Iterator[str]:
        """Give the paths of the record files, sorted."""
        return (stamp.path for stamp in self.record_stamps())

    def __len__(self) -> int:
        """Count the record files."""
        return sum(1 for _ in self)

    def record_stamps(self) -> Iterator[Stamp]:
        """Give the stamps of the record files, by folder and name."""
        for folder in self.record_folders():
            yield from folder.stamps()

    def stamps(self, top: str) -> Iterator[Stamp]:
        """Give a stamp for each file below a folder, by folder and name; raises as ``folders``."""
        for folder in self.folders(top):
            yield from folder.stamps()

    def record_folders(self, *tops: str) -> Iterator[Folder]:
        """Give the folders that hold record files, and only these files of them.

        Those below ``tops``, by default all. A link to a folder is never followed, and counts as a
        file that cannot be read: what is behind it would be missed in silence. Raises as
        ``folders``.
        """
        for top in tops or ("records",):
            for folder in self.folders(top):
                yield from self._with_records(folder)

    def branches(self) -> tuple[list[Folder], list[str]]:
        """Give ``records`` itself, if it holds record files, and the folders that lie in it."""
        trunk, inner = self._level("records")
        return [*self._with_records(trunk)], inner

    def _with_records(self, folder: Folder) -> Iterator[Folder]:
        """Give a folder with nothing but record files, if it has any."""
        names = folder.names
        if "/".join([*names, ""]).count(".yaml/") == len(names):  # nearly always
            if names:
                yield folder
            return
        # Of what is no record by name, only a link can be a folder: others were gone into.
        kept = [
            is_record(name) or os.path.isdir(f"{self._folder}{folder.path}/{name}")
            for name in names
        ]
        if any(kept):
            yield Folder(folder.path, [*compress(names, kept)], [*compress(folder.statuses, kept)])

    def folders(self, top: str) -> Iterator[Folder]:
        """Give a folder and those below it, by name, that hold files; hidden ones left out.

        A folder that is called like a record counts as a file, which cannot be read. Raises
        HealthcoopError for a folder that cannot be listed.
        """
        waiting = [top]  # a stack: a recursion would end at a thousand folders in one another
        while waiting:
            folder, inner = self._level(waiting.pop())
            waiting += inner
            if folder.names:
                yield folder

    def _level(self, path: str) -> tuple[Folder, list[str]]:
        """Give one folder, and the paths of those that lie in it, last first."""
        entries = self._scan(path)
        names = [*map(_name, entries)]
        # A data set may have 100,000 files: what can be asked of all at once is.
        try:
            statuses = [_status(entry.stat(follow_symlinks=False)) for entry in entries]
            if "/." not in "/".join(["", *names]) and all(
                map(stat.S_ISREG, set(map(_mode, statuses)))
            ):
                return Folder(path, names, statuses), []
        except FileNotFoundError:  # one vanished between the two looks
            pass
        names, statuses, inner = _sifted(entries)
        return Folder(path, names, statuses), [f"{path}/{name}" for name in inner]

    def unexpected_files(self) -> Iterator[UnexpectedFile]:
        """Give what lies under ``records/`` and is no record, by folder and name.

        Links are looked at, never followed; of a hidden folder only its name is looked at.
        Raises HealthcoopError for a folder that cannot be listed.
        """
        for path, entry in self._entries("records"):
            if entry.name[0] == ".":
                if entry.name not in KEPT:
                    yield UnexpectedFile(path, "hidden")
            elif is_record(path):
                continue
            elif entry.is_symlink():
                if not entry.is_dir():  # a link to a folder is a record that cannot be read
                    yield UnexpectedFile(path, "link", self._leads(entry.path))
            else:
                yield UnexpectedFile(path, "file" if entry.is_file() else "special")

    def _entries(self, top: str) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
        """Give all but folders that are gone into, those of a folder by name, then its folders'."""
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            inner = []
            for entry in sorted(self._scan(folder), key=_name):
                path = f"{folder}/{entry.name}"
                if _is_inner(entry):
                    inner.append(path)
                else:
                    yield path, entry
            waiting += reversed(inner)

    def _scan(self, folder: str) -> list["os.DirEntry[str]"]:
        try:
            with os.scandir(f"{self._folder}{folder}") as entries:
                return list(entries)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise HealthcoopError(
                f"the folder {folder} cannot be read: {error.strerror or error}"
            ) from None

    def _irregular(self, name: str) -> str:
        """Say what a thing is that is no regular file."""
        if os.path.islink(name):
            return f"it is not a regular file but a link {self._leads(name)}"
        return "it is not a regular file"

    def _leads(self, name: str) -> str:
        """Say in words where a link leads."""
        target = os.path.realpath(name)
        root = os.path.realpath(self.root)
        if not target.startswith(root + os.sep):
            return "out of the data set"
        if not os.path.exists(target):
            return "to nothing"
        below = os.path.relpath(target, root).replace(os.sep, "/")
        return f"to {'a folder, ' if os.path.isdir(target) else ''}{below}"


_name = attrgetter("name")
_status = attrgetter("st_mode", "st_size", "st_mtime_ns", "st_ctime_ns", "st_ino")
_mode = itemgetter(0)


def _is_inner(entry: "os.DirEntry[str]") -> bool:
    """Tell whether a thing is a folder that is gone into."""
    name = entry.name
    return name[0] != "." and entry.is_dir(follow_symlinks=False) and not is_record(name)


def _sifted(
    entries: list["os.DirEntry[str]"],
) -> tuple[list[str], list[tuple[int, int, int, int, int]], list[str]]:
    """Give the names and statuses of what is to be seen, and the folders, last first."""
    names, statuses, inner = [], [], []
    for entry in entries:
        if _is_inner(entry):
            inner.append(entry.name)
        elif entry.name[0] != ".":
            try:
                statuses.append(_status(entry.stat(follow_symlinks=False)))
            except FileNotFoundError:
                continue
            names.append(entry.name)
    return names, statuses, sorted(inner, reverse=True)


def is_record(path: str) -> bool:
    """Say whether a file under ``records/`` is one that must be a record."""
    return path.lower().endswith((".yaml", ".yml"))


def _read(name: str, *, expected: int, most: int) -> bytes:
    """Read a file to its end, or one byte more than ``most``, past Python's buffers."""
    descriptor = os.open(name, _FLAGS)
    try:
        content = os.read(descriptor, min(expected, most) + 1)
        # Where it ends as expected, one call was enough; it may have grown or shrunk meanwhile.
        while len(content) != expected and len(content) <= most:
            more = os.read(descriptor, most + 1 - len(content))
            if not more:
                break
            content += more
    finally:
        os.close(descriptor)
    return content
