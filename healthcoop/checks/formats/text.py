"""Text for people: the place, the message, the line with the place marked, the hint, the fix."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from unicodedata import category, east_asian_width

from healthcoop.checks.findings import Finding, Report
from healthcoop.files.fixes import Fix
from healthcoop.files.visible import visible

_INDENT = "    "
_MAX_ROWS = 10  # of a fix

FIXABLE = "[--fix]"
"""The mark of a finding that ``validate --fix`` fixes."""

Paint = Callable[[str, str], str]
"""Colours a text by its role: ``path error warning note hint old new``."""


def plain(text: str, _role: str) -> str:
    """Return the text without colour."""
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The colours of text for people, and the width of a line of a file in columns."""

    paint: Paint = plain
    width: int = 100


def as_text(report: Report, style: Style) -> str:
    """Write each finding as ``path:line:column: CODE severity message`` and its details."""
    return "".join(
        "".join(f"{line}\n" for line in lines_of(finding, style)) for finding in report.findings
    )


def lines_of(finding: Finding, style: Style) -> Iterator[str]:
    """Return the lines of one finding; each is printable, whatever the record contains."""
    paint, role = style.paint, str(finding.severity)
    place = visible(f"{finding.path}:{finding.line}:{finding.column}:")
    code = paint(visible(f"{finding.code} {finding.severity}"), role)
    mark = f" {paint(FIXABLE, 'hint')}" if finding.fixable else ""
    yield f"{paint(place, 'path')} {code} {visible(finding.message)}{mark}"
    if finding.excerpt.strip():
        number = f"{finding.line:>5}"
        begin = finding.column - 1
        end = finding.end_column - 1 if finding.end_line == finding.line else len(finding.excerpt)
        shown, before, marked = _window(
            finding.excerpt, (begin, end), style.width - len(_gutter(number))
        )
        yield paint(_gutter(number), "hint") + shown
        yield paint(_gutter(" " * len(number)), "hint") + " " * before + paint("^" * marked, role)
    if finding.hint:
        yield _INDENT + paint(visible(finding.hint), "hint")
    if finding.example:
        yield from (f"{_INDENT}  {visible(line)}" for line in finding.example.split("\n"))
    if finding.proposal:
        yield from _edits(finding.proposal, paint, style.width)


def _gutter(text: str) -> str:
    return f"{text} | "


def _edits(fix: Fix, paint: Paint, width: int) -> Iterator[str]:
    rows: list[str] = []
    # A field that moves is removed in one place and added in another: “-” comes first.
    for change in sorted(fix.edits(), key=lambda change: not change.old):
        old = [line.removesuffix("\n") for line in change.old]
        new = [line.removesuffix("\n") for line in change.new]
        # However long the lines are, the difference is shown.
        same = _common_prefix(old[0], new[0]) if old and new else 0
        for sign, role, texts in (("-", "old", old), ("+", "new", new)):
            gutter = _gutter(f"{sign:>5}")
            rows += [
                paint(gutter + _window(text, (same, same + 1), width - len(gutter))[0], role)
                for text in texts
            ]
    yield from rows[:_MAX_ROWS]
    if len(rows) > _MAX_ROWS:
        yield _INDENT + paint(f"and {len(rows) - _MAX_ROWS} more lines", "hint")


def _common_prefix(one: str, other: str) -> int:
    """Return the length of the beginning that two lines have in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))


def _window(line: str, place: tuple[int, int], width: int) -> tuple[str, int, int]:
    """Return what fits of a line around a place, and the columns before and of the place.

    ``place`` counts characters from 0, its end exclusive; an empty place, or one behind the line's
    end, gets one column.
    """
    begin = max(0, min(place[0], len(line)))
    end = max(begin, min(place[1], len(line)))
    # No more than this is ever shown, and a line may be as long as a file.
    first, last = max(0, begin - width), min(len(line), begin + width)
    cells = [_cell(character) for character in line[first:last]]
    if not any(width for _, width in cells[begin - first : end - first]):
        # A misplaced joiner can only be shown escaped.
        cells[begin - first : end - first] = map(_escape, line[begin : min(end, last)])
    start, stop = _clip([width for _, width in cells], begin - first, width)
    cut_left, cut_right = first + start > 0, first + stop < len(line)
    shown = "".join(text for text, _ in cells[start:stop]).replace("##[", r"#\x23[")
    before = sum(width for _, width in cells[start : begin - first]) + cut_left
    marked = sum(width for _, width in cells[begin - first : min(end - first, stop)])
    return f"{'…' * cut_left}{shown}{'…' * cut_right}", before, max(1, marked)


def _clip(widths: list[int], begin: int, width: int) -> tuple[int, int]:
    """Return the range of characters that fits, from the line's start if the place is in it."""
    room = width - 2  # for the ellipses
    start = 0
    while start < begin and sum(widths[start:begin]) > room * 2 // 3:
        start += 1
    stop = start
    while stop < len(widths) and widths[stop] <= room:
        room -= widths[stop]
        stop += 1
    while start > 0 and widths[start - 1] <= room:
        start -= 1
        room -= widths[start]
    return start, stop


def _escape(character: str) -> tuple[str, int]:
    shown = character.encode("unicode_escape").decode("ascii")
    return shown, len(shown)


def _cell(character: str) -> tuple[str, int]:
    """Return a character as it is printed, and the columns of a terminal that it takes."""
    shown = visible(character)
    if shown != character:
        return shown, len(shown)
    # The vowels and finals that a decomposed Korean syllable adds lie within its first letter.
    if category(character) in ("Mn", "Me", "Cf") or "\u1160" <= character <= "\u11ff":
        return character, 0
    return character, 2 if east_asian_width(character) in "WF" else 1
