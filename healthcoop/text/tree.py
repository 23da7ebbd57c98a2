"""The files of a working tree: what a data set consists of, and what tells that one changed."""

import os
import stat
from collections.abc import Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from healthcoop.errors import HealthcoopError


class Stamp(NamedTuple):
    """What the file system says of a file; two stamps differ when its content may differ."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Tree(Mapping[str, bytes]):
    """The record files under a root, from path (with ``/``, below the root) to content.

    A lazy mapping: a file is read when it is asked for, and raises OSError when it cannot be.
    """

    def __init__(self, root: Path) -> None:
        """Take the folder that holds ``records/`` and ``schema/``."""
        self.root = root

    def __getitem__(self, path: str) -> bytes:
        """Read one file; KeyError where there is none, OSError where it cannot be read."""
        name = os.path.join(self.root, path)
        try:
            if not stat.S_ISREG(os.lstat(name).st_mode):
                linked = os.path.islink(name) and os.path.isdir(name)
                raise OSError(f"it is {'a link to a folder' if linked else 'not a regular file'}")
            with open(name, "rb") as file:
                return file.read()
        except FileNotFoundError:
            raise KeyError(path) from None

    def __iter__(self) -> Iterator[str]:
        """Give the paths of the record files, sorted."""
        return (stamp.path for stamp in self.record_stamps())

    def __len__(self) -> int:
        """Count the record files."""
        return sum(1 for _ in self)

    def record_stamps(self) -> Iterator[Stamp]:
        """Give the stamps of the record files.

        A link to a folder is never followed, and counts as a file that cannot be read: what is
        behind it would be missed in silence.
        """
        for stamp in self.stamps("records"):
            # Of what is no record by name, only a link can be a folder: others were gone into.
            path = stamp[0]
            if (
                path.endswith(".yaml")
                or is_record(path)
                or os.path.isdir(os.path.join(self.root, path))
            ):
                yield stamp

    def stamps(self, folder: str) -> Iterator[Stamp]:
        """Give a stamp for each file below a folder, by folder and name; hidden ones left out.

        A folder that is called like a record counts as a file, which cannot be read. Raises
        HealthcoopError for a folder that cannot be listed.
        """
        try:
            with os.scandir(self.root / folder) as entries:
                found = sorted(entries, key=attrgetter("name"))
        except FileNotFoundError:
            return
        except OSError as error:
            raise HealthcoopError(
                f"the folder {folder} cannot be read: {error.strerror or error}"
            ) from None
        inner = []
        for entry in found:
            name = entry.name
            if name[0] == ".":
                continue
            if entry.is_dir(follow_symlinks=False) and not is_record(name):
                inner.append(name)
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:  # it vanished between the two looks
                continue
            yield Stamp(
                f"{folder}/{name}",
                status.st_size,
                status.st_mtime_ns,
                status.st_ctime_ns,
                status.st_ino,
            )
        for name in inner:
            yield from self.stamps(f"{folder}/{name}")


def is_record(path: str) -> bool:
    """Say whether a file under ``records/`` is one that must be a record."""
    return path.lower().endswith((".yaml", ".yml"))
