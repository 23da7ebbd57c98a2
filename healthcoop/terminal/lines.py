"""Columns of a table, and a table of them for a pipe, where nothing is wrapped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from rich.console import Console, ConsoleOptions
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from healthcoop.terminal.console import Batched, text

GUTTER = 2
_BATCH = 1_000
"""Rows that are rendered at once; rich keeps every segment of what it renders."""


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


@dataclass(frozen=True, slots=True)
class Lines(Batched):
    """A table with a line for each row, each column as wide as its widest cell.

    With a ``width``, the first column is only as wide as the others leave it, and its longer cells
    are wrapped. A table of rich takes half a minute and 300 MB for 30,000 rows.
    """

    columns: Sequence[Column]
    width: int | None = None

    def batches(self) -> Iterator["_Rows"]:
        """Yield the headings and the rows in parts of the same widths."""
        widths = [column.width() for column in self.columns]
        if self.width is not None:
            widths[0] = min(widths[0], self.width - sum(widths[1:]) - GUTTER * len(widths[1:]))
        rights = [column.right for column in self.columns]
        headings = tuple(text(column.heading, "bold") for column in self.columns)
        rows = chain([headings], zip(*(column.cells for column in self.columns), strict=True))
        while batch := [*islice(rows, _BATCH)]:
            yield _Rows(batch, widths, rights)

    def __rich_console__(self, console: Console, _: ConsoleOptions) -> Iterator["_Rows"]:
        """Yield all rows."""
        yield from self.batches()


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows with the width of each column, and whether its cells stand at the right."""

    rows: Sequence[tuple[Text, ...]]
    widths: Sequence[int]
    rights: Sequence[bool]

    def __rich_console__(self, console: Console, _: ConsoleOptions) -> Iterator[Segment]:
        """Yield the segments of each line."""
        for row in self.rows:
            plain = ""
            first, *rest = [row[0]]
            if row[0].cell_len > self.widths[0]:
                first, *rest = row[0].wrap(console, self.widths[0], overflow="fold")
            cells = zip(self.rights, self.widths, (first, *row[1:]), strict=True)
            for right, width, cell in cells:
                padding = " " * (width - cell.cell_len)
                plain += padding if right else ""
                if cell.style:
                    yield Segment(plain)
                    yield Segment(cell.plain, Style.parse(str(cell.style)))
                    plain = ""
                else:
                    plain += cell.plain
                plain += " " * GUTTER if right else f"{padding}{' ' * GUTTER}"
            yield Segment(f"{plain}\n")
            for line in rest:
                yield Segment(f"{line.plain}\n")
