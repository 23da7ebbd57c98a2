"""Tables of statistics for people: names for codes, and a bar where it fits."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import groupby
from typing import Any, NamedTuple

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from healthcoop.files.visible import visible
from healthcoop.index.results import Table as ResultTable
from healthcoop.model.dates import Edtf, parse
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal import tables
from healthcoop.terminal.console import SECOND, text, two_bars
from healthcoop.terminal.cross import cross_table, heat
from healthcoop.terminal.lines import GUTTER, Column
from healthcoop.terminal.tables import fitted, grid

Rows = Sequence[Mapping[str, Any]]
Layout = Callable[[ResultTable, Vocabulary, int | None], RenderableType]

_MEASURES = ("weight", "strength", "records")
"""What the bars are of: the first of these that the rows have."""


class _Figure(NamedTuple):
    """How a column of a statistic is shown beside the bars; for ``rank`` see lines.Column."""

    heading: str
    rank: int = 0
    write: Callable[[Any], str] = str
    style: str = ""
    right: bool = True


def _unless_zero(number: int) -> str:
    return str(number or "")


def _in_force(answers: Mapping[str, int]) -> str:
    return f"{answers['certain']} of {answers['possible']}" if answers["possible"] else ""


_FIGURES: Mapping[str, _Figure] = {
    "records": _Figure("Records", style="bold"),
    "strength": _Figure("Strength", write="{:g}".format, style="bold"),
    "instruments": _Figure("Instr.", 1, _unless_zero),
    "encounters": _Figure("Enc.", 1, _unless_zero),
    "degree": _Figure("Degree", 1),
    "betweenness": _Figure("Betweenness", 2, "{:.4f}".format),
    "in_force": _Figure("In force", 2, _in_force),
    "countries": _Figure("Countries", 3, _unless_zero),
    "partners": _Figure("Partners", 4),
    "first": _Figure("First", 3),  # with "last": _spans
    "affinity": _Figure("Affinity", 5, lambda number: "" if number is None else f"{number:.2f}"),
    "topics": _Figure("Topics", 6, ", ".join, "dim", False),
}
"""The columns that have a place beside bars, from left to right."""

_WIDEST = 165  # columns from which first and last dates are shown in full
_STATUS_FIGURES = 70  # columns in which a bar fits beside all figures of status
_NARROW = 60  # columns below which a bar replaces figures of years
_YEARS, _NARROW_YEARS = 36, 21  # columns of years and their figures
_DAY = 12  # columns of a day
_GAP = 3  # empty years that become one row
_TOPICS_SHOWN = 3
_NAME = 20  # columns of a country's name
_WIDE = 60  # columns from which names are shown


_DATES = {
    **{"signed": "signed", "ratified": "ratified", "acceded": "acceded"},
    **{"in_force": "in force", "left": "left"},
}
_BATCH = 1_000  # rows in one table: laying out 20,000 at once takes half a minute
_SEARCHED = {
    (False, False): "no",
    (True, False): "instr.",
    (False, True): "enc.",
    (True, True): "both",
}


def format_rows(
    layout: str, rows: ResultTable, names: Vocabulary, *, width: int | None
) -> RenderableType:
    """Return rows, of which there must be some, as a table for a width; None is a pipe."""
    return LAYOUTS[layout](rows, names, width)


def format_batches(
    layout: str, rows: ResultTable, names: Vocabulary, *, width: int | None
) -> Iterator[RenderableType]:
    """Yield rows as tables, each before the next one is laid out; nothing for no rows."""
    if layout in BATCHED:
        for start in range(0, len(rows), _BATCH):
            yield BATCHED[layout](rows[start : start + _BATCH], names, width)
    elif rows:
        yield format_rows(layout, rows, names, width=width)


def _dyad_years(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    form = "{:>4}  {:<4}  {:<4}  {:>5}  {:>5}  {:>4}  {:>6}  {:>7}  {:>8}  {:<8}\n"
    codes = ("Year", "A", "B", "COW A", "COW B")
    heading = form.format(*codes, "Enc.", "Signed", "Certain", "Possible", "Searched")
    keys = ("year", "a", "b", "a_cow", "b_cow", "encounters", "signed")
    for row in rows:
        cells = [row[key] for key in (*keys, "in_force_certain", "in_force_possible")]
        cells.append(_SEARCHED[row["searched_instruments"], row["searched_encounters"]])
        yield heading + form.format(*(visible("" if cell is None else f"{cell}") for cell in cells))
        heading = ""


def _plain(rows: Rows, _: Vocabulary, width: int | None) -> Table:
    headings = {name: name.replace("_", " ").capitalize() for name in rows[0]}
    return tables.plain(headings, rows, width=width)


def _sides(rows: Rows, names: Vocabulary, width: int | None) -> Table:
    """Return a row for each side of a record: its own dates in one column, and no empty columns."""
    lines = [
        {
            "Date": row["date"],
            "Side": names.label(row["country"] or row["organisation"]),
            "Role": ", ".join(filter(None, (row["role"], row["level"]))),
            "Own dates": ", ".join(f"{_DATES[key]} {row[key]}" for key in _DATES if row[key]),
            "Status": row["status"],
            "Id": row["id"],
        }
        for row in rows
    ]
    headings = {name: name for name in lines[0] if any(line[name] for line in lines)}
    return tables.plain(headings, lines, width=width)


def _bars(
    rows: Rows, names: Vocabulary, width: int | None, *, codes: bool = False
) -> RenderableType:
    """Return a name, a bar and figures for each row; with ``codes``, parties have them too."""
    codes = codes and (width is None or width >= tables.WIDE)
    values = next([row[key] for row in rows] for key in _MEASURES if key in rows[0])
    columns: list[Column] = []
    for key, figure in _FIGURES.items():
        if key == "first" and key in rows[0]:
            columns += _spans(rows, width)
        elif key in rows[0]:
            values_shown = [row[key] for row in rows]
            if key == "topics":
                values_shown = [
                    [names.label_in("topics", code) for code in codes[:_TOPICS_SHOWN]]
                    for codes in values_shown
                ]
            cell = cache(partial(text, style=figure.style))  # thousands are equal
            cells = [cell(figure.write(value)) for value in values_shown]
            columns.append(Column(figure.heading, cells, figure.rank, right=figure.right))
    return fitted(_named(rows, names, codes=codes), columns, values=values, width=width)


def _named(rows: Rows, names: Vocabulary, *, codes: bool) -> Column:
    """Return the column of what is counted: a pair, a topic, or a country or organisation."""
    key = next(iter(rows[0]))
    if key == "a":
        labels = [text(f"{names.label(row['a'])} – {names.label(row['b'])}") for row in rows]
        return Column("Pair", labels, right=False)
    terms = names.topics if key == "topic" else {**names.organisations, **names.countries}
    labels = [text(terms[row[key]].label if row[key] in terms else row[key]) for row in rows]
    if codes:
        for label, row in zip(labels, rows, strict=True):
            label.append_text(text(f" ({row[key]})", "dim"))
    return Column(key.title(), labels, right=False)


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
            room = width - (_NARROW_YEARS if narrow else _YEARS)
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


def _spans(rows: Rows, width: int | None) -> list[Column]:
    """Return columns of the first and last date, or in a narrow table of their years."""
    # A withdrawn record may have no date.
    dates = [[row[key] or "" for key in ("first", "last")] for row in rows]
    if width is None or width >= _WIDEST:
        cell = cache(text)
        first, last = ([cell(both[end]) for both in dates] for end in (0, 1))
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


def _completeness(rows: Rows, _: Vocabulary, width: int | None) -> RenderableType:
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
            line.append(" ").append(str(number).rjust(cell - 1), style=heat(number, most))
    return line


BATCHED: Mapping[str, Callable[[Rows, Vocabulary, int | None], RenderableType]] = {"sides": _sides}
"""The layouts of statistics with many rows, which are several tables."""
LAYOUTS: Mapping[str, Layout] = {
    "plain": _plain,
    "bars": _bars,
    "parties": partial(_bars, codes=True),
    "years": _years,
    "cross": cross_table,
    **BATCHED,
    "matrix": _matrix,
    "status": _status,
    "completeness": _completeness,
}
"""The layouts that an entry of STATISTICS may name."""
LINES: Mapping[str, Callable[[Iterable[Mapping[str, Any]]], Iterator[str]]] = {
    "dyad_years": _dyad_years
}
"""The layouts of long statistics: lines, for there are too many rows to lay out at once."""
