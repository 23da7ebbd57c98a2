"""A look at the files: what their stamps say, and how far that can be trusted.

The care is git's for "racily clean" files: a file that changed within the clock's grain of a look
may change once more without a new stamp, so its content is compared at the next look.
"""

import json
import marshal
import os
import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from healthcoop.files.beside import beside
from healthcoop.files.tree import Folder, Stamp, Tree

try:
    # What hashlib hands out as blake2b, without the start of OpenSSL (3 ms) that hashlib is.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

_SECOND = 1_000_000_000
_GRAIN = 20_000_000
"""More than a tick of the clocks that stamp files: 10 ms on Linux at 100 Hz, 15.6 on Windows."""
_COARSE_GRAIN = 2 * _SECOND + _GRAIN
"""As much more than the two seconds of FAT."""
_CTIME_IS_CHANGE_TIME = os.name != "nt"
_MANY = 4_000
"""Files for which a second process is worth its start: some 3 ms, and 5 microseconds a file."""

_MARK = "%d %d %d %d".__mod__


class Known(NamedTuple):
    """A folder as it was at a look; the signature is None where it cannot be trusted."""

    signature: bytes | None
    files: int
    looked: int


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of the record files, from ``moment`` on (nanoseconds since 1970).

    ``signatures`` has what stands for all stamps of a folder's files, by the folder's path;
    ``differing`` the folders whose signature is not the one that was known.
    """

    moment: int
    signatures: dict[str, bytes]
    differing: dict[str, Folder]


@dataclass(frozen=True, slots=True)
class SchemaLook:
    """What was seen of the files under ``schema/``, from ``moment`` on."""

    moment: int
    signature: bytes
    settled: bool
    """Whether any change after the look must give another signature."""


def look(tree: Tree, known: Mapping[str, Known]) -> Look:
    """Look at every record file; ``known`` are the folders seen before, by path.

    Where many files are expected, a second process looks at some half of them.
    """
    seen = Look(time.time_ns(), {}, {})
    trunk, branches = tree.branches()
    own, others = _halves(branches, known)
    with beside(lambda: _signatures(tree, others)) if others else nullcontext(_nothing) as second:
        for folder in chain(trunk, *map(tree.record_folders, own)):
            _note(seen, folder, known)
        told = second()
    if told:
        signatures = {path: bytes.fromhex(one) for path, one in json.loads(told).items()}
        others = [path for path, one in signatures.items() if not _is_known(path, one, known)]
        seen.signatures.update(
            (path, one) for path, one in signatures.items() if path not in others
        )
    # What the other process found changed is looked at here: there is more to tell than it told.
    for folder in chain.from_iterable(map(tree.record_folders, others)):
        _note(seen, folder, known)
    return seen


def _halves(branches: list[str], known: Mapping[str, Known]) -> tuple[list[str], list[str]]:
    """Part folders by the number of files expected in and below them; all are one part if few."""
    files = dict.fromkeys(branches, 0)
    for path, folder in known.items():
        branch = "/".join(path.split("/", 2)[:2])
        if branch in files:
            files[branch] += folder.files
    if sum(files.values()) < _MANY:
        return branches, []
    halves: tuple[list[str], list[str]] = ([], [])
    sizes = [0, 0]
    for branch in sorted(files, key=files.__getitem__, reverse=True):
        smaller = sizes[1] < sizes[0]
        halves[smaller].append(branch)
        sizes[smaller] += files[branch]
    return halves


def _signatures(tree: Tree, tops: list[str]) -> bytes:
    folders = chain.from_iterable(map(tree.record_folders, tops))
    return json.dumps({folder.path: _signature(folder).hex() for folder in folders}).encode()


def _nothing() -> None:
    return None


def _note(seen: Look, folder: Folder, known: Mapping[str, Known]) -> None:
    signature = _signature(folder)
    seen.signatures[folder.path] = signature
    if not _is_known(folder.path, signature, known):
        seen.differing[folder.path] = folder


def _is_known(path: str, signature: bytes, known: Mapping[str, Known]) -> bool:
    return path in known and known[path].signature == signature


def _signature(folder: Folder) -> bytes:
    # Version 0 of marshal shares nothing, so that what is equal always gives equal bytes. In
    # another order the same files sign otherwise: then they are compared one by one.
    return digest(marshal.dumps((folder.names, folder.statuses), 0))


def look_at_schema(tree: Tree) -> SchemaLook:
    """Look at every file under ``schema/``."""
    moment = time.time_ns()
    stamps = list(tree.stamps("schema"))
    trusted = all(settled(stamp, moment) for stamp in stamps)
    return SchemaLook(moment, digest(marshal.dumps([*map(tuple, stamps)], 0)), trusted)


def digest(content: bytes) -> bytes:
    """Give 16 bytes that differ when the content does."""
    return blake2b(content, digest_size=16).digest()


def mark(stamp: Stamp) -> str:
    """Write down what a stamp says besides its path."""
    return _MARK(stamp[1:])


def settled(stamp: Stamp, moment: int) -> bool:
    """Tell whether any change made to a file after ``moment`` must give it another stamp.

    Where ctime is no change time (Windows), mtime alone decides, by the coarse grain.
    """
    if not _CTIME_IS_CHANGE_TIME:
        return stamp.mtime_ns < moment - _COARSE_GRAIN
    # A file system may keep whole seconds of one time and finer ones of the other, as FAT did.
    whole = stamp.mtime_ns % _SECOND == 0 or stamp.ctime_ns % _SECOND == 0
    grain = _COARSE_GRAIN if whole else _GRAIN
    return max(stamp.mtime_ns, stamp.ctime_ns) < moment - grain
