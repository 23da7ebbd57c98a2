"""A matrix of countries as a heat map of figures, with as many countries as fit."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group
from rich.text import Text

from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal.console import text

_NAME = 20  # columns of a country's name
_WIDE = 60  # columns from which names are shown
# Of the terminal's sixteen colours, from low to high; the figures are readable without them.
_STYLES = ("cyan", "bold cyan", "black on cyan", "bold white on blue", "bold black on yellow")


def matrix(rows: Sequence[Mapping[str, Any]], names: Vocabulary, *, width: int) -> Group:
    """Return the matrix for a terminal, with the number of countries that did not fit."""
    codes = [row["country"] for row in rows]
    cell = 1 + max(
        (len(str(value)) for row in rows for value in (row["country"], *row["with"].values())),
        default=2,
    )
    name = _NAME if width >= _WIDE else 0
    before = cell + name + len(" Total")
    shown = max(1, (width - before) // cell)
    lines = [_heading(codes[:shown], cell=cell, before=before)]
    most = max((number or 0 for row in rows for number in row["with"].values()), default=0)
    sizes = {"most": most, "cell": cell, "name": name}
    lines += [_line(row, codes[:shown], names, **sizes) for row in rows[:shown]]
    if len(codes) > shown:
        lines += [Text(""), Text(f"and {len(codes) - shown} more (a wider terminal, or -f csv)")]
        lines[-1].stylize("dim")
    return Group(*lines)


def _heading(codes: Sequence[str], *, cell: int, before: int) -> Text:
    heading = Text(" Total".rjust(before), style="bold")
    return heading.append("".join(code.rjust(cell) for code in codes))


def _line(
    row: Mapping[str, Any],
    codes: Sequence[str],
    names: Vocabulary,
    *,
    most: float,
    cell: int,
    name: int,
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
            line.append(" ").append(str(number).rjust(cell - 1), style=_style(number, most))
    return line


def _style(number: float, most: float) -> str:
    """Return the style by the logarithm: most pairs have few records, and a few very many."""
    return _STYLES[int(len(_STYLES) * math.log(number) / math.log(most + 1))]
