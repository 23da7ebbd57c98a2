"""Writing files so that a reader sees the old content or the new, never half of it."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from healthcoop.errors import HealthcoopError


def write_text(path: str | os.PathLike[str], pieces: Iterable[str]) -> None:
    """Write a file beside its place and rename it there; an interrupted write leaves no trace.

    Raises HealthcoopError where the folder cannot be written.
    """
    target = Path(path)
    temporary = None
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else None
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
        temporary.chmod(mode if mode is not None else 0o666 & ~_umask())
        temporary.replace(target)
        temporary = None
    except OSError as error:
        raise HealthcoopError(f"cannot write {target}: {error.strerror or error}") from None
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
