"""Atomic writes: a reader sees a file's old content or the new one, never a part of it."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from healthcoop.errors import HealthcoopError

_KEPT_NAME = 50  # characters of the file's name, so that the temporary name is not too long


class FileChanged(HealthcoopError):
    """A file to be replaced was changed by someone else since it was read."""


def write_text(
    path: str | os.PathLike[str], chunks: Iterable[str], *, expected: bytes | None = None
) -> None:
    """Write a text file in UTF-8; see ``write_bytes``."""
    write_bytes(path, (chunk.encode() for chunk in chunks), expected=expected)


def write_bytes(
    path: str | os.PathLike[str], chunks: Iterable[bytes], *, expected: bytes | None = None
) -> None:
    """Write a temporary file in the same folder and rename it; an interrupted write leaves no file.

    A link is kept and its target replaced; a pipe or a device is written to directly. Raises
    FileChanged where the file no longer has the ``expected`` content, so that nobody's changes are
    lost, and HealthcoopError where the file or its folder cannot be written.
    """
    temporary = None
    try:
        mode = os.stat(path).st_mode if os.path.exists(path) else None
        if mode is not None and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            with open(path, "wb") as file:
                file.writelines(chunks)
            return
        target = Path(os.path.realpath(path))
        # The name is known before the file exists, so that it is removed in any case.
        temporary = target.with_name(f".{target.name[:_KEPT_NAME]}.{os.urandom(6).hex()}.new")
        with open(temporary, "xb", opener=_open) as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask() if mode is None else stat.S_IMODE(mode) & 0o777)
        if expected is not None and target.read_bytes() != expected:
            raise FileChanged(f"{path} was changed meanwhile and has not been overwritten")
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
    return os.open(name, flags, 0o600)  # until it gets the mode of the file it replaces
