"""Layout of likely duplicates: two records and the reasons, stacked or in columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from healthcoop.terminal.columns import grid
from healthcoop.terminal.console import text

_MIN_WIDTH_FOR_COLUMNS = 120


def duplicate_table(rows: Sequence[Mapping[str, Any]], *, width: int | None) -> Table:
    """Return a table of pairs: one line each where ``width`` is None, as in a pipe.

    On a terminal the records of a pair are stacked, with the reasons below them or, from 120
    columns on, in a column of their own.
    """
    if width is None:
        return _one_line_each(rows)
    columns = width >= _MIN_WIDTH_FOR_COLUMNS
    if columns:
        table = grid("Score", "Records", "Reasons")
        table.columns[1].ratio, table.columns[2].ratio = 3, 2
        table.expand = True
    else:
        table = grid("Score", "Records and reasons")
    table.columns[0].no_wrap = True
    for row in rows:
        score = text(f"{row['score']:.2f}", "bold")
        lines = [
            text(row["title"]),
            text(row["id"], "dim"),
            text(row["other_title"]),
            text(row["other"], "dim"),
        ]
        reasons = text("; ".join(row["reasons"]), "cyan")
        if columns:
            table.add_row(score, Text("\n").join(lines), reasons)
        else:
            table.add_row(score, Text("\n").join([*lines, reasons]))
    return table


def _one_line_each(rows: Sequence[Mapping[str, Any]]) -> Table:
    table = grid("Score", "Id", "Other", "Reasons", "Title", "Other title")
    for row in rows:
        both = (row["id"], row["other"])
        titles = (row["title"], row["other_title"])
        cells = (f"{row['score']:.2f}", *both, "; ".join(row["reasons"]), *titles)
        table.add_row(*map(text, cells))
    return table
