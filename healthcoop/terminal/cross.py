"""A table of records by two dimensions: a heat map with its totals."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from healthcoop.index.results import Table
from healthcoop.index.statistics.cross import Cells, Margin
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal import tables
from healthcoop.terminal.console import text

_ALL = "All"
_SHARE = 3  # where not all columns fit, the name of a row has this part of the width
_WORD = 13  # letters of a word in a heading; a longer one is cut
_CODES = ("country", "organisation")  # dimensions whose codes are short headings
# Of the terminal's sixteen colours, from low to high; the figures are readable without them.
_STYLES = ("cyan", "bold cyan", "black on cyan", "bold white on blue", "bold black on yellow")


def heat(number: float, most: float) -> str:
    """Return the style of a number by its logarithm: most are small, and a few very great."""
    return _STYLES[int(len(_STYLES) * math.log(number) / math.log(most + 1))]


def cross_table(rows: Table, names: Vocabulary, width: int | None) -> RenderableType:
    """Return a table with a row and a column for each value; some of the cells as a list.

    In a pipe, headings are whole and one line. On a terminal, columns that do not fit are left out,
    and counted below: the earliest of years and decades, of others those with the fewest records.
    """
    cells = rows.cells
    if cells is None or cells.selected:
        columns = {name: name.capitalize() for name in rows[0]}
        return tables.plain(columns, _named_rows(rows, names), width=width)
    numbers = {(cell["row"], cell["column"]): cell["records"] for cell in cells}
    labels = {value: cells.rows.label(names, value) for value in cells.rows.records}
    digits = len(str(cells.records))
    headings = _headings(cells.columns, names, whole=width is None)
    gap = int(width is None)  # one more, where a heading has spaces of its own
    wide = {value: gap + max(digits, *map(len, words)) for value, words in headings.items()}
    total = max(digits, len(_ALL))
    name = max(map(len, (*labels.values(), _ALL)))
    if width is not None:
        left = width - total - sum(wide.values()) - len(wide) - 1
        name = min(name, max(len(_ALL), width // _SHARE, left))
    shown = _fitting(cells.columns, wide, None if width is None else width - name - total - 1)
    lines = [*_heading_lines([headings[value] for value in shown], wide, shown, name + 1 + total)]
    most = max(numbers.values())
    for value, number in cells.rows.records.items():
        line = _named(labels[value], name).append(f"{number}".rjust(total + 1), style="bold")
        for column in shown:
            line.append_text(_cell(numbers.get((value, column)), wide[column], most))
        lines.append(line)
    lines.append(_totals(cells, shown, wide, name=name, total=total))
    if len(shown) < len(wide):
        more = f"and {len(wide) - len(shown)} more columns (a wider terminal, or -f csv)"
        lines += [Text(""), Text(more, style="dim")]
    return Group(*lines)


def _named_rows(rows: Table, names: Vocabulary) -> Iterator[Mapping[str, Any]]:
    """Yield the rows with names instead of codes."""
    for row in rows:
        if rows.cells:
            own = rows.cells.rows.label(names, row["row"])
            yield {**row, "row": own, "column": rows.cells.columns.label(names, row["column"])}


def _headings(columns: Margin, names: Vocabulary, *, whole: bool) -> dict[str, list[str]]:
    """Return the lines of each column's heading: its words, or the ``whole`` of it."""
    if columns.dimension in _CODES:
        return {value: [text(value).plain] for value in columns.records}
    if whole:
        return {value: [text(columns.label(names, value)).plain] for value in columns.records}
    return {
        value: [
            word if len(word) <= _WORD else f"{word[: _WORD - 1]}…"
            for word in text(columns.label(names, value)).plain.split()
        ]
        or [""]
        for value in columns.records
    }


def _fitting(columns: Margin, wide: Mapping[str, int], room: int | None) -> list[str]:
    """Return the values whose columns fit, in order; of time, the latest."""
    values = [*columns.records]
    if room is None:
        return values
    kept = 0
    for value in reversed(values) if columns.in_time else values:
        room -= wide[value] + 1
        if room < 0:
            break
        kept += 1
    kept = max(kept, 1)
    return values[-kept:] if columns.in_time else values[:kept]


def _heading_lines(
    headings: Sequence[Sequence[str]], wide: Mapping[str, int], shown: Sequence[str], before: int
) -> list[Text]:
    """Return the headings, a word on each line, their last words on the last line."""
    height = max(map(len, headings))
    lines = []
    for number in range(height):
        start = _ALL if number == height - 1 else ""
        line = Text(start.rjust(before), style="bold")
        for words, value in zip(headings, shown, strict=True):
            word = number - (height - len(words))
            line.append(f" {words[word] if word >= 0 else '':>{wide[value]}}")
        lines.append(line)
    return lines


def _named(label: str, width: int) -> Text:
    line = text(label)
    line.truncate(width, overflow="ellipsis", pad=True)
    return line


def _cell(number: int | None, width: int, most: int) -> Text:
    if not number:
        return Text(" " + "·".rjust(width), style="dim")
    return Text(" ").append(str(number).rjust(width), style=heat(number, most))


def _totals(
    cells: Cells, shown: Sequence[str], wide: Mapping[str, int], *, name: int, total: int
) -> Text:
    line = _named(_ALL, name).append(f"{cells.records}".rjust(total + 1))
    for column in shown:
        line.append(f" {cells.columns.records[column]:>{wide[column]}}")
    line.stylize("bold")
    return line
