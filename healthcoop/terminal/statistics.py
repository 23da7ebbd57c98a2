"""Tables of statistics for people: names for codes, and a bar where it fits."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from healthcoop.files.visible import visible
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal import heatmap, tables
from healthcoop.terminal.columns import Column, fitted, grid
from healthcoop.terminal.console import text

Rows = Sequence[Mapping[str, Any]]
Layout = Callable[[Rows, Vocabulary, int | None], RenderableType]


def lay_out(layout: str, rows: Rows, names: Vocabulary, *, width: int | None) -> RenderableType:
    """Return rows, of which there must be some, as a table for a width; None is a pipe."""
    return LAYOUTS[layout](rows, names, width)


def lines(layout: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a table line by line, where there are too many rows to lay out at once."""
    return LINES[layout](rows)


def _dyad_years(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    form = "{:>4}  {:<4}  {:<4}  {:>3}  {:>3}  {:>4}  {:>6}  {:>7}  {:>8}\n"
    heading = form.format("Year", "A", "B", "COW", "COW", "Enc.", "Signed", "Certain", "Possible")
    for row in rows:
        yield heading + form.format(
            row["year"],
            visible(row["a"]),
            visible(row["b"]),
            row["a_cow"] or "",
            row["b_cow"] or "",
            row["encounters"],
            row["signed"],
            row["in_force_certain"],
            row["in_force_possible"],
        )
        heading = ""


def _plain(rows: Rows, _: Vocabulary, width: int | None) -> Table:
    headings = {name: name.replace("_", " ").capitalize() for name in rows[0]}
    return tables.plain(headings, rows, width=width)


def _parties(rows: Rows, names: Vocabulary, width: int | None) -> Table:
    lay_out_ = tables.countries if "country" in rows[0] else tables.organisations
    return lay_out_(rows, names, width=width)


def _topics(rows: Rows, names: Vocabulary, width: int | None) -> Table:
    codes = [row["topic"] for row in rows]
    labels = [names.topics[code].label if code in names.topics else code for code in codes]
    others = {"Records": "records", "Instr.": "instruments", "Enc.": "encounters"}
    others["Countries"] = "countries"
    return fitted(
        Column("Topic", [text(label) for label in labels], right=False),
        [
            Column(heading, [Text(str(row[key] or "")) for row in rows], rank)
            for rank, (heading, key) in enumerate(others.items())
        ],
        values=[row["records"] for row in rows],
        most=max(row["records"] for row in rows),
        width=width,
    )


def _matrix(rows: Rows, names: Vocabulary, width: int | None) -> RenderableType:
    """Return a matrix with codes as headings; on a terminal, a heat map."""
    if width is not None:
        return heatmap.matrix(rows, names, width=width)
    codes = [row["country"] for row in rows]
    table = grid("Country", "Total", *codes, right=range(1, len(codes) + 2))
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
    return fitted(
        Column("Country", [text(names.label(row["country"])) for row in rows], right=False),
        [
            Column("Strength", [Text(f"{row['strength']:g}", style="bold") for row in rows]),
            Column("Degree", [Text(str(row["degree"])) for row in rows], rank=1),
            Column("Betweenness", [Text(f"{row['betweenness']:.4f}") for row in rows], rank=2),
        ],
        values=[row["strength"] for row in rows],
        most=max(row["strength"] for row in rows),
        width=width,
    )


def _completeness(rows: Rows, _: Vocabulary, width: int | None) -> Table:
    known = [row for row in rows if row["share"] is not None]
    means = [row["field"] == "sources" for row in known]  # per record, not a share
    heading, fields = "Field", [row["field"] for row in known]
    if "year" in rows[0]:
        heading, fields = "Year  Field", [f"{row['year']}  {row['field']}" for row in known]
    shares = [
        f"{row['share']:.2f} each" if mean else f"{row['share']:.0%}"
        for row, mean in zip(known, means, strict=True)
    ]
    return fitted(
        Column(heading, [text(field) for field in fields], right=False),
        [
            Column("Have it", [Text(str(row["records"])) for row in known], rank=1),
            Column("Of", [Text(str(row["of"])) for row in known], rank=1),
            Column("Share", [Text(share) for share in shares]),
        ],
        values=[0 if mean else row["share"] for row, mean in zip(known, means, strict=True)],
        most=1,
        width=width,
    )


LAYOUTS: Mapping[str, Layout] = {
    "plain": _plain,
    "pairs": lambda rows, names, width: tables.pairs(rows, names, width=width),
    "parties": _parties,
    "topics": _topics,
    "years": lambda rows, _, width: tables.years(rows, width=width),
    "matrix": _matrix,
    "network": _network,
    "status": lambda rows, _, width: tables.status(rows, width=width),
    "completeness": _completeness,
}
"""The layouts that an entry of STATISTICS may name."""
LINES: Mapping[str, Callable[[Iterable[Mapping[str, Any]]], Iterator[str]]] = {
    "dyad_years": _dyad_years
}
"""The layouts of long statistics."""
