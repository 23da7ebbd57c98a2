"""Tables of statistics for people: names for codes, and a bar where it fits."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from healthcoop.files.visible import visible
from healthcoop.model.dates import Edtf, parse
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal import tables
from healthcoop.terminal.console import SECOND, text, two_bars
from healthcoop.terminal.tables import GUTTER, Column, fitted, grid

Rows = Sequence[Mapping[str, Any]]
Layout = Callable[[Rows, Vocabulary, int | None], RenderableType]

_WIDEST = 165  # columns from which first and last dates are shown in full
_STATUS_FIGURES = 70  # columns in which a bar fits beside all figures of status
_NARROW = 60  # columns below which a bar replaces figures of years
_FIGURES, _NARROW_FIGURES = 36, 21  # columns of years and their figures
_DAY = 12  # columns of a day
_GAP = 3  # empty years that become one row
_TOPICS_SHOWN = 3
_NAME = 20  # columns of a country's name
_WIDE = 60  # columns from which names are shown
# Of the terminal's sixteen colours, from low to high; the figures are readable without them.
_STYLES = ("cyan", "bold cyan", "black on cyan", "bold white on blue", "bold black on yellow")


def format_rows(layout: str, rows: Rows, names: Vocabulary, *, width: int | None) -> RenderableType:
    """Return rows, of which there must be some, as a table for a width; None is a pipe."""
    return LAYOUTS[layout](rows, names, width)


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


def _pairs(rows: Rows, names: Vocabulary, width: int | None) -> Table:
    labels = [text(f"{names.label(row['a'])} – {names.label(row['b'])}") for row in rows]
    affinity = ["" if row["affinity"] is None else f"{row['affinity']:.2f}" for row in rows]
    topics = [", ".join(row["topics"][:_TOPICS_SHOWN]) for row in rows]
    return fitted(
        Column("Pair", labels, right=False),
        [
            *_counts(rows),
            _in_force(rows),
            *_spans(rows, width),
            Column("Affinity", [Text(number) for number in affinity], rank=5),
            Column("Topics", [text(line, "dim") for line in topics], rank=6, right=False),
        ],
        values=[row["weight"] for row in rows],
        width=width,
    )


def _parties(rows: Rows, names: Vocabulary, width: int | None) -> Table:
    kind = "country" if "country" in rows[0] else "organisation"
    code = width is None or width >= tables.WIDE
    return fitted(
        Column(kind.title(), [_named(row[kind], names, code=code) for row in rows], right=False),
        [
            *_counts(rows),
            _in_force(rows),
            Column("Partners", [Text(str(row["partners"])) for row in rows], rank=4),
            *_spans(rows, width),
        ],
        values=[row["records"] for row in rows],
        width=width,
    )


def _named(party: str, names: Vocabulary, *, code: bool) -> Text:
    label = text(names.label(party))
    return label.append_text(text(f" ({party})", "dim")) if code else label


def _years(rows: Rows, _: Vocabulary, width: int | None) -> Table:
    narrow = width is not None and width < _NARROW
    keys = ("records",) if narrow else ("records", "instruments", "encounters")
    headings = ["Year", *("Records", "Instr.", "Enc.")[: len(keys)]]
    legend = f"█ instr. {SECOND} enc." if narrow else f"█ instruments {SECOND} encounters"
    table = grid(*headings, *([] if width is None else [legend]), right=range(1, len(headings)))
    most = max((row["records"] for row in rows), default=0)
    for row in rows if width is None else _merge_gaps(rows):
        if not row["records"]:
            table.add_row(text(str(row["year"]), "dim"), Text("0", style="dim"))
            continue
        cells = [Text(str(row["year"])), *(Text(str(row[key] or "")) for key in keys)]
        cells[1].stylize("bold")
        if width is not None:
            room = width - (_NARROW_FIGURES if narrow else _FIGURES)
            cells.append(_stacked_bar(row["instruments"], row["encounters"], most, room))
        table.add_row(*cells)
    return table


def _status(rows: Rows, _: Vocabulary, width: int | None) -> Table:
    narrow = width is not None and width < _STATUS_FIGURES
    keys = ("possible",) if narrow else ("certain", "possible", "no", "instruments")
    headings = ["Day", *(name.capitalize() for name in keys)]
    legend = f"█ cert. {SECOND} poss." if narrow else f"█ certain {SECOND} possible"
    table = grid(*headings, *([] if width is None else [legend]), right=range(1, len(headings)))
    table.columns[0].no_wrap = True
    most = max((row["possible"] for row in rows), default=0)
    for row in rows:
        cells = [text(row["day"]), *(Text(str(row[key])) for key in keys)]
        if width is not None:
            room = max(1, width - sum(len(name) + GUTTER for name in headings) - _DAY)
            possible_only = row["possible"] - row["certain"]
            cells.append(_stacked_bar(row["certain"], possible_only, most, room))
        table.add_row(*cells)
    return table


def _stacked_bar(first: int, second: int, most: int, room: int) -> Text:
    drawn = two_bars(first, second, most, room)
    return Text(drawn[0], style="cyan").append(drawn[1], style="green")


def _merge_gaps(rows: Rows) -> Iterator[Mapping[str, Any]]:
    """Merge three or more consecutive empty years into one row: ``1892–1929``."""
    for empty, group in groupby(rows, key=lambda row: not row["records"]):
        years = list(group)
        if empty and len(years) >= _GAP:
            yield {**years[0], "year": f"{years[0]['year']}–{years[-1]['year']}"}
        else:
            yield from years


def _counts(rows: Rows) -> list[Column]:
    return [
        Column("Records", [Text(str(row["records"]), style="bold") for row in rows]),
        _figures("Instr.", rows, "instruments", rank=1),
        _figures("Enc.", rows, "encounters", rank=1),
    ]


def _in_force(rows: Rows) -> Column:
    force = [row["in_force"] for row in rows]
    shares = [f"{of['certain']} of {of['possible']}" if of["possible"] else "" for of in force]
    return Column("In force", [Text(cell) for cell in shares], rank=2)


def _figures(heading: str, rows: Rows, key: str, *, rank: int) -> Column:
    return Column(heading, [Text(str(row[key] or "")) for row in rows], rank)


def _spans(rows: Rows, width: int | None) -> list[Column]:
    """Return columns of the first and last date, or in a narrow table of their years."""
    # A withdrawn record may have no date.
    dates = [[row[key] or "" for key in ("first", "last")] for row in rows]
    if width is None or width >= _WIDEST:
        first, last = ([text(both[end]) for both in dates] for end in (0, 1))
        return [Column("First", first, rank=3, right=False), Column("Last", last, 3, right=False)]
    years = ["–".join(dict.fromkeys(_year(parse(day)) for day in both if day)) for both in dates]
    return [Column("Years", [Text(both) for both in years], rank=3, right=False)]


def _year(when: Edtf) -> str:
    """Return the year of a date, or of the beginning of an interval, with its uncertainty.

    ``..2026`` for ``[..2026-11-21]``, ``2020..2029`` for ``202X``.
    """
    start = when.starts if when.form == "interval" else when
    if start is None or start.earliest is None:
        return f"..{when.year}"
    first, last = start.earliest.year, (start.latest or start.earliest).year
    return str(first) if first == last else f"{first}..{last}"


def _topics(rows: Rows, names: Vocabulary, width: int | None) -> Table:
    codes = [row["topic"] for row in rows]
    labels = [names.topics[code].label if code in names.topics else code for code in codes]
    return fitted(
        Column("Topic", [text(label) for label in labels], right=False),
        [*_counts(rows), _figures("Countries", rows, "countries", rank=3)],
        values=[row["records"] for row in rows],
        width=width,
    )


def _matrix(rows: Rows, names: Vocabulary, width: int | None) -> RenderableType:
    """Return a matrix with codes as headings; on a terminal, a heat map."""
    if width is not None:
        return _heat_map(rows, names, width=width)
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


def _heat_map(rows: Rows, names: Vocabulary, *, width: int) -> Group:
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


LAYOUTS: Mapping[str, Layout] = {
    "plain": _plain,
    "pairs": _pairs,
    "parties": _parties,
    "topics": _topics,
    "years": _years,
    "matrix": _matrix,
    "network": _network,
    "status": _status,
    "completeness": _completeness,
}
"""The layouts that an entry of STATISTICS may name."""
LINES: Mapping[str, Callable[[Iterable[Mapping[str, Any]]], Iterator[str]]] = {
    "dyad_years": _dyad_years
}
"""The layouts of long statistics: lines, for there are too many rows to lay out at once."""
