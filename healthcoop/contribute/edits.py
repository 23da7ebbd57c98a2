"""Edits of several files of a data set that are written all or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from healthcoop.errors import HealthcoopError
from healthcoop.files import atomic
from healthcoop.files.fixes import unified
from healthcoop.files.nodes import Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEdit:
    """A file's content and the text that replaces it; ``target`` is its new path, if another."""

    path: str
    before: bytes
    after: str
    target: str = ""

    def diff(self) -> str:
        """Return the difference that ``git apply`` takes; empty for a file that is too long."""
        return unified(self.path, self.before.decode(), self.after, target=self.target) or ""


def write_all(root: Path, edits: Sequence[FileEdit]) -> None:
    """Write all files, and then rename those with a new path.

    Raises HealthcoopError where one cannot be written, or changed since it was read. On any error,
    an interruption too, the files are as they were before.
    """
    started: list[FileEdit] = []
    try:
        for edit in edits:
            started.append(edit)
            atomic.write_text(root / edit.path, [edit.after], expected=edit.before)
        for edit in edits:
            if edit.target:
                atomic.move(root / edit.path, root / edit.target)
    except BaseException as error:
        lost = [edit.path for edit in reversed(started) if not _undone(root, edit)]
        if lost and isinstance(error, HealthcoopError):
            hint = f"These files could not be put back: {', '.join(lost)}"
            raise HealthcoopError(error.message, hint=hint) from None
        raise


def _undone(root: Path, edit: FileEdit) -> bool:
    """Put a file back as it was; return whether it is."""
    path, target = root / edit.path, root / edit.target
    with suppress(HealthcoopError, OSError):
        if edit.target and not path.exists() and target.exists():
            atomic.move(target, path)
        if path.read_bytes() == edit.after.encode():
            atomic.write_bytes(path, [edit.before], expected=edit.after.encode())
        return True
    return False


def references(data: Mapping[str, Any]) -> Iterator[tuple[Pointer, Any]]:
    """Yield the places of ids of other records, in a record or among accepted findings."""
    for field in ("links", "accepted"):
        items = data.get(field)
        for number, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict):
                yield (field, number, "record"), item.get("record")
    withdrawn = data.get("withdrawn")
    instead = withdrawn.get("replaced_by") if isinstance(withdrawn, dict) else None
    for number, ident in enumerate(instead if isinstance(instead, list) else ()):
        yield ("withdrawn", "replaced_by", number), ident
