"""A look at the files: what their stamps say, and how far that can be trusted.

The care is git's for "racily clean" files: a file that changed within the clock's grain of a look
may change once more without a new stamp, so its content is compared at the next look.
"""

import marshal
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass

from healthcoop.text.tree import Folder, Stamp, Tree

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

_MARK = "%d %d %d %d".__mod__


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


def look(tree: Tree, known: Mapping[str, bytes | None]) -> Look:
    """Look at every record file; ``known`` are the signatures of folders seen before."""
    seen = Look(time.time_ns(), {}, {})
    for folder in tree.record_folders():
        path = folder.path
        # Version 0 of marshal shares nothing, so that what is equal always gives equal bytes. In
        # another order the same files sign otherwise: then they are compared one by one.
        signature = digest(marshal.dumps((folder.names, folder.statuses), 0))
        seen.signatures[path] = signature
        if known.get(path) != signature:
            seen.differing[path] = folder
    return seen


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
