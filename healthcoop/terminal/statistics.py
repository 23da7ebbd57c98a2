"""Statistics as tables for people: names for codes, a bar where there is room for one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal import heatmap, tables
from healthcoop.terminal.charts import bar
from healthcoop.terminal.console import text

Rows = Sequence[Mapping[str, Any]]
Layout = Callable[[Rows, Vocabulary, int | None], RenderableType]


def lay_out(statistic: str, rows: Rows, names: Vocabulary, *, width: int | None) -> RenderableType:
    """Lay the rows of a statistic out for a width, None for a pipe; there must be some."""
    return _LAYOUTS[statistic](rows, names, width)


def _topics(rows: Rows, names: Vocabulary, width: int | None) -> Table:
    keys: tuple[str, ...] = ("records", "instruments", "encounters", "countries")
    if width is not None and width < tables.NARROW:
        keys = keys[:1]
    headings = ("Records", "Instr.", "Enc.", "Countries")[: len(keys)]
    table = tables.grid("Topic", "", *headings, right=range(2, 2 + len(keys)))
    most = max(row["records"] for row in rows)
    for row in rows:
        term = names.topics.get(row["topic"])
        table.add_row(
            text(term.label if term else row["topic"]),
            _bar(row["records"], most, width),
            *(Text(str(row[key] or "")) for key in keys),
        )
    return table


def _matrix(rows: Rows, names: Vocabulary, width: int | None) -> RenderableType:
    """Lay a matrix out with codes over its columns; a heat map on a terminal."""
    if width is not None:
        return heatmap.matrix(rows, names, width=width)
    codes = [row["country"] for row in rows]
    table = tables.grid("Country", "Total", *codes, right=range(1, len(codes) + 2))
    for row in rows:
        shared = (row["with"].get(code) for code in codes)
        table.add_row(
            text(names.label(row["country"])),
            Text(str(row["total"]), style="bold"),
            *(
                Text("·" if number is None else str(number or ""), "dim" if number is None else "")
                for number in shared
            ),
        )
    return table


def _network(rows: Rows, names: Vocabulary, width: int | None) -> Table:
    table = tables.grid("Country", "", "Strength", "Degree", "Betweenness", right=(2, 3, 4))
    most = max(row["strength"] for row in rows)
    for row in rows:
        table.add_row(
            text(names.label(row["country"])),
            _bar(row["strength"], most, width),
            Text(f"{row['strength']:g}", style="bold"),
            Text(str(row["degree"])),
            Text(f"{row['betweenness']:.4f}"),
        )
    return table


def _dyad_years(rows: Rows, _: Vocabulary, __: int | None) -> Table:
    headings = {
        **{"year": "Year", "a": "A", "b": "B", "a_cow": "COW", "b_cow": "COW"},
        **{"encounters": "Enc.", "signed": "Signed"},
        **{"in_force_certain": "Certain", "in_force_possible": "Possible"},
    }
    return tables.plain(headings, rows, width=None)


def _completeness(rows: Rows, _: Vocabulary, width: int | None) -> Table:
    by_year = "year" in rows[0]
    right = (2, 3, 4) if by_year else (1, 2, 3)
    table = tables.grid(*(["Year"] * by_year), "Field", "Have it", "Of", "Share", "", right=right)
    for row in rows:
        if row["share"] is None:
            continue
        is_mean = row["field"] == "sources"
        share = f"{row['share']:.2f} each" if is_mean else f"{row['share']:.0%}"
        table.add_row(
            *([Text(str(row["year"]))] if by_year else []),
            text(row["field"]),
            Text(str(row["records"])),
            Text(str(row["of"])),
            Text(share),
            Text() if is_mean else _bar(row["share"], 1, width),
        )
    return table


def _bar(value: float, most: float, width: int | None) -> Text:
    """Draw a bar on a terminal; a pipe gets none."""
    return Text(bar(value, most, tables.bar_room(width)), style="cyan")


_LAYOUTS: Mapping[str, Layout] = {
    "pairs": lambda rows, names, width: tables.pairs(rows, names, width=width),
    "countries": lambda rows, names, width: tables.countries(rows, names, width=width),
    "organisations": lambda rows, names, width: tables.organisations(rows, names, width=width),
    "topics": _topics,
    "years": lambda rows, _, width: tables.years(rows, width=width),
    "matrix": _matrix,
    "network": _network,
    "status": lambda rows, _, width: tables.status(rows, width=width),
    "dyad-years": _dyad_years,
    "completeness": _completeness,
}
