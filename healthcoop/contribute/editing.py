"""A record in an editor: a copy is edited and checked; the record's file is written at the end."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from healthcoop.checks.engine import CheckContext
from healthcoop.checks.findings import Finding, Severity
from healthcoop.contribute import creation, record_ids, unfinished
from healthcoop.errors import HealthcoopError, NotFound
from healthcoop.files import atomic, location, reader
from healthcoop.files.canonical import HEADER, layout, rewrite
from healthcoop.files.tree import MAX_BYTES, Tree
from healthcoop.index import records
from healthcoop.index.database import Index


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The copy after a round in the editor.

    ``data`` is None where it cannot be read as a record.
    """

    content: bytes
    data: dict[str, Any] | None
    path: str
    findings: tuple[Finding, ...]

    @property
    def has_errors(self) -> bool:
        """Whether a finding is an error."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def text(self) -> str:
        """The record as it will be written; empty where the copy cannot be read as a record."""
        return layout(self.data) if self.data else ""

    @property
    def first_error(self) -> int:
        """The line of the first error, 0 where there is none."""
        errors = (each.line for each in self.findings if each.severity is Severity.ERROR)
        return min(errors, default=0)


class Editing:
    """One record while it is edited, in a copy outside the data set that is never lost."""

    def __init__(
        self, tree: Tree, index: Index, context: CheckContext, *, path: str, content: bytes
    ) -> None:
        """Write the copy of a record's file, or of a new record if there is no such file."""
        self._tree = tree
        self._index = index
        self._context = context
        self._path = path
        try:
            self._before: bytes | None = tree[path]
        except KeyError:
            self._before = None
        self._start = content
        # The copy lies elsewhere, and its first line leads editors to the schema.
        schema = (tree.root / location.SCHEMA_PATH).resolve()
        self._header = HEADER.rpartition("=")[0].encode() + b"=" + str(schema).encode()
        self.copy = unfinished.copy_file(PurePosixPath(path).stem)
        self._written = content.replace(HEADER.encode(), self._header, 1)
        atomic.write_bytes(self.copy, [self._written])

    @property
    def is_new(self) -> bool:
        """Whether the record has no file yet."""
        return self._before is None

    def read(self) -> Edited:
        """Read the copy and check it as if it were the record's file."""
        try:
            with self.copy.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise HealthcoopError(f"cannot read {self.copy}: {error.strerror or error}") from None
        content = content.replace(self._header, HEADER.encode(), 1)
        data = reader.parse(content).data
        path = self._path
        if self.is_new and data:
            path = record_ids.record_path(str(data.get("id", "")))
        findings = creation.check(self._tree, self._context, {path: content}, index=self._index)
        return Edited(content=content, data=data, path=path, findings=findings)

    def is_changed(self, edited: Edited) -> bool:
        """Return whether the copy differs from what it was at first."""
        return edited.content != self._start

    def write(self, edited: Edited) -> None:
        """Write the record in canonical layout and remove the copy.

        Raises FileChanged where somebody else changed the file meanwhile, and HealthcoopError where
        the record cannot be read, has another id, or cannot be written. The copy stays then.
        """
        if edited.data is None:
            raise HealthcoopError("a record that cannot be read is not written")
        if self.is_new:
            creation.write_new(self._tree.root, edited.data)
        else:
            ident = self._ident()
            if edited.data.get("id") != ident:
                raise HealthcoopError(
                    f"the id was changed; it stays {ident}",
                    hint="Change it back; healthcoop rename is for an id that was a slip.",
                )
            text, _ = rewrite(edited.content, edited.data)
            atomic.write_text(self._tree.root / self._path, [text], expected=self._before)
        self.discard()

    def _ident(self) -> str:
        data = reader.parse(self._before or b"").data or {}
        return str(data.get("id", PurePosixPath(self._path).stem))

    def discard(self) -> None:
        """Remove the copy."""
        self.copy.unlink(missing_ok=True)

    def discard_if_unchanged(self) -> None:
        """Remove the copy of an existing record if it is as it was at first."""
        with suppress(OSError):
            is_of_size = self.copy.stat().st_size == len(self._written)
            if not self.is_new and is_of_size and self.copy.read_bytes() == self._written:
                self.discard()


def edit(tree: Tree, index: Index, context: CheckContext, name: str) -> Editing:
    """Begin to edit a record, also one that cannot be read; ``name`` as for ``records.get``.

    Raises NotFound.
    """
    path = _path(tree, index, name)
    try:
        return Editing(tree, index, context, path=path, content=tree[path])
    except KeyError:
        raise NotFound(name) from None
    except OSError as error:
        raise HealthcoopError(f"cannot read {path}: {error.strerror or error}") from None


def edit_new(tree: Tree, index: Index, context: CheckContext, data: dict[str, Any]) -> Editing:
    """Begin to edit a new record."""
    path = record_ids.record_path(str(data.get("id", "")))
    return Editing(tree, index, context, path=path, content=layout(data).encode())


def _path(tree: Tree, index: Index, name: str) -> str:
    try:
        return records.get(index, name).path
    except NotFound:
        for problem in index.problems:
            file = (tree.root / problem.path).resolve()
            if name in (problem.path, Path(problem.path).stem) or Path(name).resolve() == file:
                return problem.path
        raise
