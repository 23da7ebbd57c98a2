"""What a file with findings shows: the place, its line, and the diff that would mend it."""

from functools import cached_property
from typing import Any

from healthcoop.checks.findings import Finding, Problem, json_pointer
from healthcoop.checks.registry import Rule
from healthcoop.files import nodes, reader
from healthcoop.files.diffs import unified
from healthcoop.files.edits import Edit, Remove, Replace, SourceEditor
from healthcoop.files.nodes import Positions, Span
from healthcoop.files.tree import MAX_BYTES
from healthcoop.model.spec import PROSE

_LONGEST_LINE = 2000  # characters; no curator's line is longer, and many findings may be in one
_DIFFS = 100
_DIFFED_BYTES = 2 * 1024 * 1024  # so that a file of the greatest size costs no more than many


class FindingBuilder:
    """One file with findings. It is composed once more when the first of them is looked up.

    A finding's excerpt is its line from the first character on, without the line break, so that
    columns count in it; empty where the finding stands beyond the first 2,000 characters of the
    line, which are all that is kept. Diffs are made for the first hundred findings that have
    edits, of a large file for fewer.
    """

    def __init__(self, path: str, content: bytes) -> None:
        """Take the file's path and content; empty for one that cannot be opened."""
        self._path = path
        self._content = content
        self._diffs = min(_DIFFS, _DIFFED_BYTES // max(1, len(content)))

    def finding(self, rule: Rule, problem: Problem, span: Span | None = None) -> Finding:
        """Make a finding of a problem, at the span or where its pointer leads."""
        if span is None:
            look = self._positions.key if problem.on_key else self._positions.value
            span = look(problem.pointer)
            if problem.piece:
                span = self._positions.piece(problem.pointer, problem.piece) or span
        return Finding(
            path=self._path,
            line=span.line,
            column=span.column,
            end_line=span.end_line,
            end_column=span.end_column,
            code=rule.code,
            name=rule.name,
            severity=rule.severity,
            turn=problem.turn,
            message=problem.message,
            hint=problem.hint,
            pointer=json_pointer(problem.pointer),
            fix=self._diff(problem) if problem.edits else None,
            excerpt=self._excerpt(span),
            edits=problem.edits,
            safe=problem.safe,
        )

    @cached_property
    def _positions(self) -> Positions:
        return Positions(self._content)

    @cached_property
    def _lines(self) -> list[str]:
        text = self._content[:MAX_BYTES].decode("utf-8", "replace")
        return text.removeprefix("\ufeff").split("\n")

    @cached_property
    def _manuscript(self) -> SourceEditor | None:
        try:
            return SourceEditor(self._content)
        except nodes.ParseError:
            return None

    def _excerpt(self, span: Span) -> str:
        if span.line > len(self._lines) or span.column > _LONGEST_LINE:
            return ""
        return self._lines[span.line - 1][:_LONGEST_LINE].removesuffix("\r")

    def _diff(self, problem: Problem) -> str | None:
        if not self._diffs or self._manuscript is None:
            return None
        self._diffs -= 1
        mended = self._manuscript.edited(problem.edits)
        if mended is None:
            return None
        return unified(self._path, self._content.decode("utf-8"), mended.decode("utf-8"))


def edits_for(
    trouble: nodes.SyntaxProblem, reading: reader.ParseResult
) -> tuple[tuple[Edit, ...], bool]:
    """Give what would mend a trouble of the reader's, and whether it keeps what the file means."""
    if trouble.code == "HC110":
        needed = reader.is_required(trouble.pointer)
        return () if needed else (Remove(trouble.pointer),), False
    if trouble.code != "HC113" or reading.data is None:
        return (), False
    text: Any = reading.data
    for part in trouble.pointer:
        text = text[part]
    trimmed = text.strip("\n")
    if "\n" in trimmed and trouble.pointer[-1] not in PROSE:
        return (Replace(trouble.pointer, " ".join(text.split())),), False
    return (Replace(trouble.pointer, trimmed),), True
