"""A matrix of countries as a heat map of figures: coloured by number, as many as there is room."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group
from rich.text import Text

from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal.console import text

_NAME = 20  # columns for a name, where there is room for names
_ROOMY = 60
# Of the terminal's own sixteen colours, from little to much; the figures say it without any.
_STYLES = ("cyan", "bold cyan", "black on cyan", "bold white on blue", "bold black on yellow")
_LEAST = (1, 2, 3, 5, 10)


def matrix(rows: Sequence[Mapping[str, Any]], names: Vocabulary, *, width: int) -> Group:
    """Lay the matrix out for a terminal; says which countries there was no room for."""
    codes = [row["country"] for row in rows]
    cell = 1 + max(
        (len(str(value)) for row in rows for value in (row["country"], *row["with"].values())),
        default=2,
    )
    name = _NAME if width >= _ROOMY else 0
    before = cell + name + len(" Total")
    shown = max(1, (width - before) // cell)
    lines = [_heading(codes[:shown], cell=cell, before=before)]
    lines += [_line(row, codes[:shown], names, cell=cell, name=name) for row in rows[:shown]]
    if len(codes) > shown:
        lines += [Text(""), Text(f"and {len(codes) - shown} more (a wider terminal, or -f csv)")]
        lines[-1].stylize("dim")
    return Group(*lines)


def _heading(codes: Sequence[str], *, cell: int, before: int) -> Text:
    heading = Text(" Total".rjust(before), style="bold")
    return heading.append("".join(code.rjust(cell) for code in codes))


def _line(
    row: Mapping[str, Any], codes: Sequence[str], names: Vocabulary, *, cell: int, name: int
) -> Text:
    line = Text().append_text(text(row["country"].ljust(cell), "bold"))
    if name:
        label = text(names.label(row["country"]))
        label.truncate(name - 1, overflow="ellipsis", pad=True)
        line.append_text(label).append(" ")
    line.append(str(row["total"]).rjust(len(" Total")))
    for code in codes:
        number = row["with"].get(code)
        if code == row["country"]:
            line.append("–".rjust(cell), style="dim")
        elif not number:
            line.append("·".rjust(cell), style="dim")
        else:
            line.append(" ").append(str(number).rjust(cell - 1), style=_style(number))
    return line


def _style(number: float) -> str:
    return _STYLES[max(0, sum(number >= least for least in _LEAST) - 1)]
