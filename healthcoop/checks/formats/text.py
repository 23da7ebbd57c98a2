"""Text for people: where, what, the line of the file with the place marked, and what to do."""

from collections.abc import Iterator
from unicodedata import category, east_asian_width

from healthcoop.checks.findings import Finding, Report
from healthcoop.checks.formats.patch import changes
from healthcoop.checks.formats.style import Look, Paint
from healthcoop.files.visible import visible

_INDENT = "    "
_SHOWN = 10  # lines of a diff


def as_text(report: Report, look: Look) -> str:
    """Write each finding as ``path:line:column: CODE severity message`` and what belongs to it."""
    return "".join(
        "".join(f"{line}\n" for line in lines_of(finding, look)) for finding in report.findings
    )


def lines_of(finding: Finding, look: Look) -> Iterator[str]:
    """Give the lines of one finding; each is printable, whatever the record holds."""
    paint, role = look.paint, str(finding.severity)
    place = visible(f"{finding.path}:{finding.line}:{finding.column}:")
    code = paint(visible(f"{finding.code} {finding.severity}"), role)
    yield f"{paint(place, 'path')} {code} {visible(finding.message)}"
    if finding.excerpt.strip():
        number = f"{finding.line:>5}"
        begin = finding.column - 1
        end = finding.end_column - 1 if finding.end_line == finding.line else len(finding.excerpt)
        shown, before, marked = _window(
            finding.excerpt, (begin, end), look.width - len(_gutter(number))
        )
        yield paint(_gutter(number), "hint") + shown
        yield paint(_gutter(" " * len(number)), "hint") + " " * before + paint("^" * marked, role)
    if finding.hint:
        yield _INDENT + paint(visible(finding.hint), "hint")
    if finding.fix:
        yield from _diff(finding.fix, paint, look.width)


def _gutter(text: str) -> str:
    return f"{text} | "


def _diff(diff: str, paint: Paint, width: int) -> Iterator[str]:
    rows: list[str] = []
    for change in changes(diff):
        # What differs must be in sight, however long the lines are.
        same = _same(change.old[0], change.new[0]) if change.old and change.new else 0
        for sign, role, texts in (("-", "old", change.old), ("+", "new", change.new)):
            gutter = _gutter(f"{sign:>5}")
            rows += [
                paint(gutter + _window(text, (same, same + 1), width - len(gutter))[0], role)
                for text in texts
            ]
    yield from rows[:_SHOWN]
    if len(rows) > _SHOWN:
        yield _INDENT + paint(f"and {len(rows) - _SHOWN} more lines", "hint")


def _same(one: str, other: str) -> int:
    """Count the characters that two lines have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))


def _window(line: str, place: tuple[int, int], width: int) -> tuple[str, int, int]:
    """Show what fits of a line around a place; give it with the columns before and of the place.

    ``place`` counts characters from 0, its end exclusive; it has a column of its own even where
    it is empty or behind the line's end.
    """
    begin = max(0, min(place[0], len(line)))
    end = max(begin, min(place[1], len(line)))
    # No more than this is ever seen, and a line may be as long as a file.
    first, last = max(0, begin - width), min(len(line), begin + width)
    cells = [_cell(character) for character in line[first:last]]
    if not any(width for _, width in cells[begin - first : end - first]):
        # A joiner where none belongs is seen only so.
        cells[begin - first : end - first] = map(_escape, line[begin : min(end, last)])
    start, stop = _clip([width for _, width in cells], begin - first, width)
    cut_left, cut_right = first + start > 0, first + stop < len(line)
    shown = "".join(text for text, _ in cells[start:stop])
    before = sum(width for _, width in cells[start : begin - first]) + cut_left
    marked = sum(width for _, width in cells[begin - first : min(end - first, stop)])
    return f"{'…' * cut_left}{shown}{'…' * cut_right}", before, max(1, marked)


def _clip(widths: list[int], begin: int, width: int) -> tuple[int, int]:
    """Choose the characters that fit: from the line's start, unless the place is too far right."""
    room = width - 2  # for the signs that something was cut
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
    """Give a character as it is printed, and the columns of a terminal that it takes."""
    shown = visible(character)
    if shown != character:
        return shown, len(shown)
    # The vowels and finals that a decomposed Korean syllable adds lie within its first letter.
    if category(character) in ("Mn", "Me", "Cf") or "\u1160" <= character <= "\u11ff":
        return character, 0
    return character, 2 if east_asian_width(character) in "WF" else 1
