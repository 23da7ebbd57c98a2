"""Atomic writes: a reader sees a file's old content or the new one, never a part of it."""

import glob
import os
import shutil
import signal
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
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

    Owner, group and mode of a file are kept. A link is kept and its target replaced; a pipe or a
    device is written to directly. Raises FileChanged where the file no longer has the ``expected``
    content, so that nobody's changes are lost, and HealthcoopError where the file or its folder
    cannot be written, or its owner or group cannot be kept.
    """
    temporary = None
    try:
        before = os.stat(path) if os.path.exists(path) else None
        mode = before.st_mode if before else stat.S_IFREG | (0o666 & ~_umask())
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            with open(path, "wb") as file:
                file.writelines(chunks)
            return
        target = Path(os.path.realpath(path))
        # The name is known before the file exists, so that it is removed in any case.
        temporary = _temporary(target)
        with open(temporary, "xb", opener=_open) as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
            if before:
                _keep_owner(path, file.fileno(), before)
        temporary.chmod(stat.S_IMODE(mode) & 0o777)
        if expected is not None and target.read_bytes() != expected:
            raise FileChanged(f"{path} was changed meanwhile and has not been overwritten")
        temporary.replace(target)
    except OSError as error:
        raise _cannot_write(path, error) from None
    finally:
        if temporary:
            with suppress(OSError):
                temporary.unlink()


@contextmanager
def new_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path in the same folder, for a file that then replaces the one there is.

    Where the block raises, nothing is left of it. Raises HealthcoopError where the file cannot be
    written.
    """
    target = Path(os.path.realpath(path))
    temporary = _temporary(target)
    try:
        target.parent.stat()  # or what writes the file might fail in a way of its own
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except OSError as error:
        raise _cannot_write(path, error) from None
    finally:
        for left in temporary.parent.glob(f"{glob.escape(temporary.name)}*"):
            with suppress(OSError):
                left.unlink()


@contextmanager
def new_folder(
    path: str | os.PathLike[str], *, replaceable: Callable[[Path], bool] | None = None
) -> Iterator[Path]:
    """Give a temporary empty folder, which is renamed when the block is done.

    Where the block raises, nothing is left of it. Raises HealthcoopError where the folder exists
    and is neither empty nor ``replaceable``, or cannot be written.
    """
    target = Path(os.path.realpath(path))
    temporary = _temporary(target)
    former = _temporary(target)
    try:
        _check_replaceable(path, target, replaceable)
        temporary.mkdir(parents=True)
        yield temporary
        if target.exists() and any(target.iterdir()):
            _check_replaceable(path, target, replaceable)
            target.rename(former)
        temporary.rename(target)  # where there is an empty folder, it is replaced
    except OSError as error:
        raise _cannot_write(path, error) from None
    finally:
        with _uninterrupted():
            shutil.rmtree(temporary, ignore_errors=True)
            if former.exists():
                if target.exists():
                    shutil.rmtree(former, ignore_errors=True)
                else:
                    former.rename(target)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ignore interrupts: who presses Ctrl+C twice would leave half of what is being removed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)


def _check_replaceable(
    path: str | os.PathLike[str], target: Path, replaceable: Callable[[Path], bool] | None
) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        if target.is_dir() and replaceable and replaceable(target):
            return
        what = "is not empty" if target.is_dir() else "is a file"
        raise HealthcoopError(f"{path} {what} and has not been overwritten")


def _temporary(target: Path) -> Path:
    return target.with_name(f".{target.name[:_KEPT_NAME]}.{os.urandom(6).hex()}.new")


def _cannot_write(path: str | os.PathLike[str], error: OSError) -> HealthcoopError:
    return HealthcoopError(f"cannot write {path}: {error.strerror or error}")


def create_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a new text file in UTF-8, and the folders it lies in, without ever replacing a file.

    Raises HealthcoopError where there is a file of this name already, or it cannot be written.
    """
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = _temporary(target)
        try:
            with temporary.open("x", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            _rename_new(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
    except FileExistsError as error:
        raise _exists(error) from None
    except OSError as error:
        raise _cannot_write(path, error) from None


def move(source: Path, target: Path) -> None:
    """Rename a file, and create the folders of the new name, without ever replacing a file.

    Raises HealthcoopError where there is a file of the new name, or it cannot be renamed.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _rename_new(source, target)
        source.unlink(missing_ok=True)
    except FileExistsError as error:
        raise _exists(error) from None
    except OSError as error:
        message = f"cannot rename {source} to {target}: {error.strerror or error}"
        raise HealthcoopError(message) from None


def _exists(error: FileExistsError) -> HealthcoopError:
    existing = error.filename2 or error.filename
    return HealthcoopError(f"{existing} already exists and has not been overwritten")


def _rename_new(temporary: Path, target: Path) -> None:
    """Rename a file to a name that does not exist; raises FileExistsError."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:  # the file system has no hard links: reserve the name, then replace the file
        target.open("x").close()
        temporary.replace(target)


def _keep_owner(path: str | os.PathLike[str], descriptor: int, before: os.stat_result) -> None:
    """Give a new file the owner and group of the one that it will replace."""
    now = os.fstat(descriptor)
    if (now.st_uid, now.st_gid) == (before.st_uid, before.st_gid):
        return
    try:
        os.chown(descriptor, before.st_uid, before.st_gid)
    except OSError:
        hint = "Write it as its owner, who must be in its group."
        message = f"cannot write {path}: its owner or group would change"
        raise HealthcoopError(message, hint=hint) from None


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _open(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)  # until it gets the mode of the file it replaces
