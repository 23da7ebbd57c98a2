"""Writing files so that a reader sees the old content or the new, never half of it."""

import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from healthcoop.errors import HealthcoopError


def write_text(path: str | os.PathLike[str], pieces: Iterable[str]) -> None:
    """Write a file beside its place and rename it there; an interrupted write leaves no trace.

    A link is kept, and what it leads to is replaced; a pipe or a device is written to as it is.
    Raises HealthcoopError where the file or its folder cannot be written.
    """
    temporary = None
    try:
        mode = os.stat(path).st_mode if os.path.exists(path) else None
        if mode is not None and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
            return
        target = Path(os.path.realpath(path))
        with tempfile.NamedTemporaryFile(
            "w",
            encoding="utf-8",
            newline="",
            dir=target.parent,
            prefix=f".{target.name}.",
            suffix=".new",
            delete=False,
        ) as file:
            temporary = Path(file.name)
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask() if mode is None else stat.S_IMODE(mode) & 0o777)
        temporary.replace(target)
        temporary = None
    except OSError as error:
        raise HealthcoopError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
