"""Likely duplicates: two records and the reasons, one below the other or side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from healthcoop.terminal.columns import grid
from healthcoop.terminal.console import text

_ROOMY = 120  # columns from which the reasons stand beside the records


def layout(rows: Sequence[Mapping[str, Any]], *, width: int | None) -> Table:
    """Lay pairs out: a line each in a pipe, else each record on its lines, then the reasons."""
    if width is None:
        return _on_one_line(rows)
    beside = width >= _ROOMY
    table = grid("Score", "Records", "Reasons") if beside else grid("Score", "Records and reasons")
    if beside:
        table.columns[1].ratio, table.columns[2].ratio = 3, 2
        table.expand = True
    table.columns[0].no_wrap = True
    for row in rows:
        both = Text("\n").join(
            (
                text(row["title"]),
                text(row["id"], "dim"),
                text(row["other_title"]),
                text(row["other"], "dim"),
            )
        )
        reasons = text("; ".join(row["reasons"]), "cyan")
        score = text(f"{row['score']:.2f}", "bold")
        if beside:
            table.add_row(score, both, reasons)
        else:
            table.add_row(score, both.append("\n").append_text(reasons))
    return table


def _on_one_line(rows: Sequence[Mapping[str, Any]]) -> Table:
    table = grid("Score", "Id", "Other", "Reasons", "Title", "Other title")
    for row in rows:
        table.add_row(
            text(f"{row['score']:.2f}"),
            *(text(row[name]) for name in ("id", "other")),
            text("; ".join(row["reasons"])),
            *(text(row[name]) for name in ("title", "other_title")),
        )
    return table
