"""Mending without asking: the edits that keep what a record means, and the canonical layout."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from healthcoop.checks.findings import Finding, Report
from healthcoop.files import nodes
from healthcoop.files.canonical import CannotReformat, reformat
from healthcoop.files.edits import SourceEditor

_PASSES = 20  # one edit may uncover the next: a code in upper case is seen to stand there twice


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedFile:
    """A file as it was read and as it should be, and how many edits its findings asked for."""

    path: str
    before: bytes
    after: str
    edits: int


class Overlay(Mapping[str, bytes]):
    """Files, some of which are kept in memory as they were read, or as they have become."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Take the files; none is held yet."""
        self._files = files
        self.contents: dict[str, bytes] = {}

    def __getitem__(self, path: str) -> bytes:
        """Give a file's content; raises what the files underneath raise."""
        return self.contents[path] if path in self.contents else self._files[path]

    def __iter__(self) -> Iterator[str]:
        """Give the paths of all files."""
        return iter(self._files)

    def __len__(self) -> int:
        """Count all files."""
        return len(self._files)


def mend(
    files: Mapping[str, bytes],
    check: Callable[[Mapping[str, bytes]], Report],
    *,
    lay_out: Collection[str],
) -> list[FixedFile]:
    """Give the files that differ once every safe edit of the findings of ``check`` is made.

    ``lay_out`` names the files to lay out anew even where nothing is to be mended in them. Nothing
    is written. A file is edited only by what was found in the very content that is edited.
    """
    held = Overlay(files)
    before: dict[str, bytes] = {}
    edits: dict[str, int] = defaultdict(int)
    for _ in range(_PASSES):
        again = False
        for path, findings in _safe(check(held)).items():
            if path in held.contents:
                held.contents[path], made = _edit(held.contents[path], findings)
                edits[path] += made
                again = again or made > 0
            else:
                again = _hold(held, path) or again
                before.setdefault(path, held.contents.get(path, b""))
        if not again:
            break
    return [
        mended
        for path in files
        if edits.get(path) or path in lay_out
        if (mended := _lay_out(held, path, before=before.get(path), edits=edits.get(path, 0)))
    ]


def _safe(report: Report) -> dict[str, list[Finding]]:
    safe: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        if finding.safe and finding.edits:
            safe[finding.path].append(finding)
    return safe


def _hold(held: Overlay, path: str) -> bool:
    """Keep a file as it is now, so that the next look and the edits are at the same content."""
    try:
        held.contents[path] = held[path]
    except (OSError, KeyError):
        return False
    return True


def _edit(content: bytes, findings: list[Finding]) -> tuple[bytes, int]:
    try:
        return SourceEditor(content).edited_by_groups([finding.edits for finding in findings])
    except nodes.ParseError:
        return content, 0


def _lay_out(held: Overlay, path: str, *, before: bytes | None, edits: int) -> FixedFile | None:
    """Lay a file out; None where it is right as it is, or cannot be read or laid out."""
    try:
        content = held[path]
        text = reformat(content)
    except (OSError, KeyError, CannotReformat):
        return None
    before = content if before is None else before
    if text is None or text.encode() == before:
        return None
    return FixedFile(path=path, before=before, after=text, edits=edits)
