"""Tables that fit a width: columns are dropped by rank, and bars use the space left over."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from healthcoop.terminal.charts import bar
from healthcoop.terminal.console import text

GUTTER = 2
_NAME = 22  # columns; a longer name may wrap
_SHORTEST, _LONGEST = 6, 24  # columns of a bar


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading and a cell for each row.

    In a narrow table the columns of the highest ``rank`` are dropped first; rank 0 stays.
    """

    heading: str
    cells: Sequence[Text]
    rank: int = 0
    right: bool = True

    def width(self) -> int:
        """Return the width of the widest cell."""
        return max(cell.cell_len for cell in (text(self.heading), *self.cells))


def grid(*headings: str, right: Sequence[int] = ()) -> Table:
    """Return an empty table without boxes; the columns numbered in ``right`` are numeric."""
    table = Table(box=None, pad_edge=False, padding=(0, GUTTER, 0, 0), header_style="bold")
    for number, heading in enumerate(headings):
        figures = number in right
        # "fold" wraps a word longer than its column, so that nothing is truncated.
        table.add_column(
            text(heading),
            justify="right" if figures else "left",
            no_wrap=figures,
            overflow="fold",
        )
    return table


def fitted(
    names: Column,
    others: Sequence[Column],
    *,
    values: Sequence[float],
    width: int | None,
    most: float | None = None,
) -> Table:
    """Return a table of names, a bar for each row's value, and as many other columns as fit.

    ``most`` is the value of a full bar, by default the highest. For a pipe, with ``width`` None,
    every column and no bar.
    """
    if width is None:
        return _table([names, *others])
    left = width - min(_NAME, names.width())
    kept: list[Column] = []
    for column in sorted(others, key=lambda column: column.rank):
        needed = column.width() + GUTTER
        if column.rank and left - needed < _SHORTEST + GUTTER:
            break
        kept.append(column)
        left -= needed
    longer = max(0, min(names.width() - _NAME, left - _SHORTEST - GUTTER))
    room = min(_LONGEST, left - longer - GUTTER)
    most = max(values, default=0) if most is None else most
    bars = [Text(bar(value, most, room), style="cyan") for value in values]
    shown = [column for column in others if any(column is one for one in kept)]
    return _table([names, Column("", bars, right=False), *shown])


def _table(columns: Sequence[Column]) -> Table:
    right = [number for number, column in enumerate(columns) if column.right]
    table = grid(*(column.heading for column in columns), right=right)
    for column in table.columns[1:]:
        column.no_wrap = True
    for row in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*row)
    return table
