"""A look at the files: what their stamps say, and how far that can be trusted.

The care is git's for "racily clean" files: a file that changed within the clock's grain of a look
may change once more without a new stamp, so its content is compared at the next look.
"""

import marshal
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from healthcoop.text.tree import Stamp, Tree

try:
    # What hashlib hands out as blake2b, without the start of OpenSSL (3 ms) that hashlib is.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

_SECOND = 1_000_000_000
_GRAIN = 20_000_000
"""More than a tick of the clocks that stamp files: 10 ms on Linux at 100 Hz, 15.6 on Windows."""
_COARSE_GRAIN = 2 * _SECOND
_CTIME_IS_CHANGE_TIME = os.name != "nt"

_MARK = "%d %d %d %d".__mod__


@dataclass(frozen=True)
class Look:
    """What was seen of a tree, from ``moment`` on (nanoseconds since 1970)."""

    moment: int
    schema: list[Stamp]
    folders: dict[str, list[Stamp]]

    @cached_property
    def schema_signature(self) -> bytes:
        """What stands for the stamps of all files under ``schema/``."""
        return sign(self.schema)

    @cached_property
    def signatures(self) -> dict[str, bytes]:
        """What stands for the stamps of each folder's record files, by the folder's path."""
        return {folder: sign(stamps) for folder, stamps in self.folders.items()}


def look(tree: Tree) -> Look:
    """Stamp every file under ``schema/`` and every record file under ``records/``."""
    moment = time.time_ns()
    records = list(tree.record_stamps())
    return Look(
        moment,
        list(tree.stamps("schema")),
        {folder: list(stamps) for folder, stamps in groupby(records, _folder)},
    )


def sign(stamps: Iterable[Stamp]) -> bytes:
    """Give 16 bytes that differ when one of the stamps does."""
    # Version 0 of marshal shares nothing, so that equal stamps are always equal bytes.
    return digest(marshal.dumps(list(map(tuple, stamps)), 0))


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
    whole = stamp.mtime_ns % _SECOND == 0 and stamp.ctime_ns % _SECOND == 0
    grain = _COARSE_GRAIN if whole else _GRAIN
    return max(stamp.mtime_ns, stamp.ctime_ns) < moment - grain


def _folder(stamp: Stamp) -> str:
    return stamp[0].rpartition("/")[0]
