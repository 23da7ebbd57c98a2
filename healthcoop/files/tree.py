"""The files of a data set in a working tree, and the stamps that show which of them changed."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import compress
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import NamedTuple

from healthcoop.errors import HealthcoopError

MAX_BYTES = 256 * 1024
"""The limit for a YAML file; the reader refuses a larger one."""

_MAX_OTHER_BYTES = 2 * 1024 * 1024  # of any other file, such as the list of countries
# A file may just have been replaced by a link or a pipe: neither is followed or waited for.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
_FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_DIRECTORY", 0)


class Stamp(NamedTuple):
    """A file's path and status; two stamps of a file differ when its content may differ."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Folder(NamedTuple):
    """The files of one folder, in the file system's order.

    ``statuses`` has the mode of each of ``names`` and the values of its stamp: size, mtime_ns,
    ctime_ns, inode.
    """

    path: str
    names: list[str]
    statuses: list[tuple[int, int, int, int, int]]

    def stamps(self) -> Iterator[Stamp]:
        """Yield the stamp of each file, sorted by name."""
        for name, status in sorted(zip(self.names, self.statuses, strict=True)):
            yield Stamp(f"{self.path}/{name}", *status[1:])


class UnexpectedFile(NamedTuple):
    """A file under ``records/`` that is not a record.

    ``what`` is ``file``, ``hidden``, ``link`` or ``special`` (a pipe, a socket, a device);
    ``leads`` describes the target of a link in words.
    """

    path: str
    what: str
    leads: str = ""

    @property
    def intended_name(self) -> str:
        """The name that would make it a record, if it looks like one; else empty."""
        found = _LIKE_A_RECORD.fullmatch(self.path.rpartition("/")[2])
        is_file = self.what in ("file", "hidden")
        return f"{found['stem'].lower()}.yaml" if found and is_file else ""


# Windows adds .txt and may hide it. macOS writes its own data to “._x.yaml”.
_LIKE_A_RECORD = re.compile(r"\.?(?P<stem>[^._].*?)\.ya?ml(\.txt)?", re.IGNORECASE | re.DOTALL)

KEPT = (".git", ".gitkeep", ".gitignore", ".gitattributes", ".editorconfig")
"""Hidden files for git and editors, which are allowed among records."""


class Tree(Mapping[str, bytes]):
    """The record files under a root: a lazy mapping from relative path (with ``/``) to content.

    A file is read on access, which raises OSError where it cannot be read.
    """

    def __init__(self, root: Path) -> None:
        """Use the folder with ``records/`` and ``schema/`` as root."""
        self.root = root
        self._folder = os.path.join(root, "")

    def __getitem__(self, path: str) -> bytes:
        """Read one file; raises KeyError where there is none, OSError where it cannot be read.

        Of a YAML file above the limit, only one byte more than the limit is read.
        """
        name = f"{self._folder}{path}"
        most = size_limit(path)
        try:
            status = os.lstat(name)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(self._irregular(name))
            content = _read(name, expected=status.st_size, most=most)
        except FileNotFoundError:
            raise KeyError(path) from None
        if len(content) > _MAX_OTHER_BYTES:
            raise OSError(f"it has more than {_MAX_OTHER_BYTES:,} bytes")
        return content

    def __iter__(self) -> Iterator[str]:
        """Yield the paths of the record files, sorted."""
        return (stamp.path for stamp in self.record_stamps())

    def __len__(self) -> int:
        """Count the record files."""
        return sum(1 for _ in self)

    def record_stamps(self) -> Iterator[Stamp]:
        """Yield the stamps of the record files, by folder and name."""
        for folder in self.record_folders():
            yield from folder.stamps()

    def stamps(self, top: str) -> Iterator[Stamp]:
        """Yield the stamps of the files below a folder, sorted; raises as ``folders``."""
        for folder in self.folders(top):
            yield from folder.stamps()

    def has_record(self, top: str) -> bool:
        """Return whether there is a record file below a folder; raises as ``folders``."""
        return any(folder.names for folder in self.record_folders(top))

    def record_folders(self, top: str = "records") -> Iterator[Folder]:
        """Yield the folders with record files, without their other files; raises as ``folders``.

        A link to a folder is not followed, and counts as a file that cannot be read: otherwise the
        records behind it would be missed silently.
        """
        for folder in self.folders(top):
            names = folder.names
            if "/".join([*names, ""]).count(".yaml/") == len(names):  # nearly always
                yield folder
                continue
            # Of what is no record by name, only a link can be a folder: others were descended into.
            kept = [
                is_record(name) or os.path.isdir(f"{self._folder}{folder.path}/{name}")
                for name in names
            ]
            if any(kept):
                statuses = [*compress(folder.statuses, kept)]
                yield Folder(folder.path, [*compress(names, kept)], statuses)

    def folders(self, top: str) -> Iterator[Folder]:
        """Yield a folder and those below it, by name, that contain files, but for hidden ones.

        A folder named like a record counts as a file, which cannot be read. Raises
        HealthcoopError for a folder that cannot be listed.
        """
        waiting = [top]  # a stack: recursion would fail at a thousand nested folders
        while waiting:
            folder, inner = self._level(waiting.pop())
            waiting += inner
            if folder.names:
                yield folder

    def _level(self, path: str) -> tuple[Folder, list[str]]:
        """Return one folder and the paths of its subfolders, last first."""
        with self._scan(path) as entries:
            names = [*map(_name, entries)]
            # A data set may have 100,000 files: as much as possible is done for all at once.
            try:
                statuses = [_status(entry.stat(follow_symlinks=False)) for entry in entries]
                if "/." not in "/".join(["", *names]) and all(
                    map(stat.S_ISREG, set(map(_mode, statuses)))
                ):
                    return Folder(path, names, statuses), []
            except FileNotFoundError:  # one was deleted in between
                pass
            names, statuses, inner = _filtered(entries)
            return Folder(path, names, statuses), [f"{path}/{name}" for name in inner]

    def unexpected_files(self) -> Iterator[UnexpectedFile]:
        """Yield what is under ``records/`` and is not a record, by folder and name.

        Links are not followed, and hidden folders are not descended into.
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
                    yield UnexpectedFile(path, "link", self._leads(f"{self._folder}{path}"))
            else:
                yield UnexpectedFile(path, "file" if entry.is_file() else "special")

    def _entries(self, top: str) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
        """Yield the entries of each folder by name, except for folders that are descended into."""
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            inner = []
            with self._scan(folder) as entries:
                for entry in sorted(entries, key=_name):
                    path = f"{folder}/{entry.name}"
                    if _is_inner(entry):
                        inner.append(path)
                    else:
                        yield path, entry
            waiting += reversed(inner)

    @contextmanager
    def _scan(self, folder: str) -> Iterator[list["os.DirEntry[str]"]]:
        """Open a folder and return its entries, which may be used until it is closed."""
        path = f"{self._folder}{folder}"
        place: str | int = path
        with ExitStack() as stack:
            try:
                if os.scandir in os.supports_fd:  # a stat relative to an open folder is quicker
                    place = os.open(path, _FOLDER_FLAGS)
                    stack.callback(os.close, place)
                with os.scandir(place) as found:
                    entries: list[os.DirEntry[str]] = list(found)
            except FileNotFoundError:
                entries = []
            except OSError as error:
                raise HealthcoopError(
                    f"the folder {folder} cannot be read: {error.strerror or error}"
                ) from None
            yield entries

    def _irregular(self, name: str) -> str:
        """Describe something that is not a regular file."""
        if os.path.islink(name):
            return f"it is not a regular file but a link {self._leads(name)}"
        return "it is not a regular file"

    def _leads(self, name: str) -> str:
        """Describe the target of a link."""
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
    """Return whether an entry is a folder to descend into."""
    name = entry.name
    return name[0] != "." and entry.is_dir(follow_symlinks=False) and not is_record(name)


def _filtered(
    entries: list["os.DirEntry[str]"],
) -> tuple[list[str], list[tuple[int, int, int, int, int]], list[str]]:
    """Return the names and statuses of the files, and the names of folders, last first."""
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


def size_limit(path: str) -> int:
    """Return the largest size in bytes of a file that is read."""
    return MAX_BYTES if is_record(path) else _MAX_OTHER_BYTES


def is_record(path: str) -> bool:
    """Return whether a path under ``records/`` has the name of a record file."""
    return path.lower().endswith((".yaml", ".yml"))


def is_read(path: str) -> bool:
    """Return whether a path from the root is that of a record, and not hidden."""
    return path.startswith("records/") and "/." not in path and is_record(path)


def _read(name: str, *, expected: int, most: int) -> bytes:
    """Read a file to its end, but at most one byte more than ``most``, without buffering."""
    descriptor = os.open(name, _FLAGS)
    try:
        content = os.read(descriptor, min(expected, most) + 1)
        # One call is enough where the file ends as expected; it may have grown or shrunk meanwhile.
        while len(content) != expected and len(content) <= most:
            more = os.read(descriptor, most + 1 - len(content))
            if not more:
                break
            content += more
    finally:
        os.close(descriptor)
    return content
