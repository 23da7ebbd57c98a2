"""Invariants for any bytes: no exception, places inside the file, a stable layout."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from healthcoop.checks.engine import CheckContext, Checker
from healthcoop.dataset import Dataset
from healthcoop.files import nodes, reader
from healthcoop.files.canonical import CannotReformat, reformat
from healthcoop.files.nodes import Pointer
from healthcoop.files.positions import Positions, comments
from healthcoop.files.reader import ParseResult

from .mutation import ROOT

PATH = "records/2022/2022-az-cu-fuzzed.yaml"


def check_reading(content: bytes) -> ParseResult:
    """Parse; assert that there are data, or problems in words at places inside the file."""
    reading = reader.parse(content)
    assert reading.data is not None or reading.problems, "neither data nor problems"
    if reading.data is not None:
        again = reader.parse_any_layout(content, content.decode())
        assert again == reading, "the quick reading and the general one differ"
    lines = _lines(content)
    for trouble in reading.problems:
        assert trouble.message.endswith("."), trouble
        assert trouble.hint, trouble
        _check_place(trouble.span, lines)
    return reading


class Whole:
    """The whole path of a record: parsed, checked, formatted, every value located."""

    def __init__(self) -> None:
        """Use the project's own vocabularies and a fixed day."""
        dataset = Dataset(ROOT)
        context = CheckContext(vocabulary=dataset.vocabulary, today=date(2026, 11, 21))
        self._files: dict[str, bytes] = {}
        self._checker = Checker(self._files, context)

    def check(self, content: bytes) -> bool:
        """Assert every invariant; return False where the reader refuses the file."""
        reading = check_reading(content)
        self._check_findings(content)
        if reading.data is None:
            assert reformat(content) is None, "refused, but reformatted"
            return False
        lines = _lines(content)
        positions = Positions(content)
        for pointer in _pointers(reading.data):
            _check_place(positions.key(pointer), lines)
            _check_place(positions.value(pointer), lines)
        for comment in comments(content):
            _check_place(comment.span, lines)
        try:
            text = reformat(content)  # itself compares the data
        except CannotReformat:
            return True
        assert text is not None, "parsed, but not reformatted"
        assert reformat(text.encode()) == text, "reformatted twice, it differs"
        return True

    def _check_findings(self, content: bytes) -> None:
        self._files[PATH] = content
        results = {result.summary.path: result for result in self._checker.check_files([PATH])}
        findings = [*results[PATH].findings, *self._checker.check_corpus(results)]
        lines = _lines(content)
        for finding in findings:
            assert finding.message.endswith((".", ".”")), finding
            _check_place(
                nodes.Span(finding.line, finding.column, finding.end_line, finding.end_column),
                lines,
            )
            # A fix changes the file, and its result can be parsed.
            if finding.proposal:
                assert finding.proposal.after.encode() != content, finding
                assert reader.parse(finding.proposal.after.encode()).data is not None, finding


def _pointers(data: Any, at: Pointer = ()) -> Iterator[Pointer]:
    yield at
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _pointers(value, (*at, key))


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8", "replace").removeprefix("\ufeff").split("\n")


def _check_place(span: nodes.Span, lines: list[str]) -> None:
    line, column, end_line, end_column = span
    assert 1 <= line <= end_line <= len(lines), (span, len(lines))
    # A place after the last character has the width of one character.
    assert 1 <= column <= len(lines[line - 1]) + 1, (span, lines[line - 1])
    assert 1 <= end_column <= len(lines[end_line - 1]) + 2, (span, lines[end_line - 1])
    assert span[:2] < span[2:] or span == nodes.START, span
