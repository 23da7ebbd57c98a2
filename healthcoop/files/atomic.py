"""Writing files so that a reader sees the old content or the new, never half of it."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from healthcoop.errors import HealthcoopError

_NAMED = 50  # characters of the file's own name, so that the other's is not too long


class Changed(HealthcoopError):
    """A file that was to be replaced no longer holds what it held when it was read."""


def write_text(
    path: str | os.PathLike[str], pieces: Iterable[str], *, expected: bytes | None = None
) -> None:
    """Write a file of text in UTF-8; as ``write_bytes``."""
    write_bytes(path, (piece.encode() for piece in pieces), expected=expected)


def write_bytes(
    path: str | os.PathLike[str], pieces: Iterable[bytes], *, expected: bytes | None = None
) -> None:
    """Write a file beside its place and rename it there; an interrupted write leaves no trace.

    A link is kept, and what it leads to is replaced; a pipe or a device is written to as it is.
    ``expected`` is what the file must still hold when it is replaced, so that what somebody else
    saved meanwhile is not lost: else raises Changed. Raises HealthcoopError where the file or its
    folder cannot be written.
    """
    temporary = None
    try:
        mode = os.stat(path).st_mode if os.path.exists(path) else None
        if mode is not None and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            with open(path, "wb") as file:
                file.writelines(pieces)
            return
        target = Path(os.path.realpath(path))
        # The name is known before the file is there: no moment when nobody would remove it.
        temporary = target.with_name(f".{target.name[:_NAMED]}.{os.urandom(6).hex()}.new")
        with open(temporary, "xb", opener=_open) as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask() if mode is None else stat.S_IMODE(mode) & 0o777)
        if expected is not None and target.read_bytes() != expected:
            raise Changed(f"{path} changed meanwhile; it was left as it is")
        temporary.replace(target)
    except OSError as error:
        raise HealthcoopError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        if temporary:
            with suppress(OSError):
                temporary.unlink()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _open(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)  # until its mode is that of the file it replaces
