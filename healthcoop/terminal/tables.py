"""Tables without boxes, which fit a terminal of 80 columns and use one of 200."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any

from rich.table import Table
from rich.text import Text

from healthcoop.model.columns import IndexedRecord, select
from healthcoop.model.dates import Edtf, parse
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal.charts import SECOND, two_bars
from healthcoop.terminal.columns import GUTTER, Column, fitted, grid
from healthcoop.terminal.console import text

WIDE = 120
"""Columns of a terminal from which topics are shown."""
NARROW = 60  # columns below which a bar replaces figures
_WIDEST = 165  # columns from which first and last dates are shown in full
_TITLE_WIDTH = 60  # columns; a longer title may wrap
_READABLE = 12  # columns in which wrapped text is still readable
_BATCH = 1_000  # records in one table: laying out 100,000 at once takes minutes and gigabytes
_PARTIES_SHOWN = 4
_DATE_WIDTH = 12
_NAMES_SHOWN = 4
_TOPICS_SHOWN = 3
_KIND_STYLES = {"instrument": "cyan", "encounter": "green"}


def record_tables(
    records: Iterator[IndexedRecord], columns: Sequence[str] | None, *, width: int | None
) -> Iterator[Table]:
    """Yield tables of some records each, with a heading only where it changes.

    ``columns`` are names of columns; None for the default layout.
    """
    selected = select(tuple(columns or ()))
    headings = {name: column.label for name, column in selected.items()}
    previous = None
    while batch := [*islice(records, _BATCH)]:
        if columns:
            rows = [{name: each.value(item) for name, each in selected.items()} for item in batch]
            table = plain(headings, rows, width=width)
        else:
            table = record_table(batch, width=width)
        header = [str(column.header) for column in table.columns]
        table.show_header = table.show_header and header != previous
        previous = header
        yield table


def record_table(records: Sequence[IndexedRecord], *, width: int | None) -> Table:
    """Return a table of records: one line each where all of them fit, else two.

    Topics are shown from a width of WIDE on.
    """
    if width is not None and width < WIDE:
        return _two_line_table(records, topics=False)
    table = grid(*_HEADINGS)
    rows = [_one_line(item, wrap_dates=width is not None) for item in records]
    if width is not None and _required_width([[text(name) for name in _HEADINGS], *rows]) > width:
        return _two_line_table(records, topics=True)
    for number, column in enumerate(table.columns):
        column.no_wrap = number != _TITLE
    for row in rows:
        table.add_row(*row)
    return table


_HEADINGS = ("Date", "Parties", "Type", "Title", "Topics", "Id")
_TITLE = _HEADINGS.index("Title")


def _one_line(item: IndexedRecord, *, wrap_dates: bool) -> list[Text]:
    record = item.record
    return [
        _lines(_wrapped(record.date) if wrap_dates else record.date),
        _parties(item),
        _type(item),
        text(record.title),
        text(", ".join(record.topics), "dim"),
        text(record.id, "dim"),
    ]


def _required_width(rows: Sequence[Sequence[Text]]) -> int:
    """Return the width that rows need when only the title may wrap."""
    widths: list[int] = [
        max(max(line.cell_len for line in cell.split("\n")) for cell in cells)
        for cells in zip(*rows, strict=True)
    ]
    widths[_TITLE] = min(widths[_TITLE], _TITLE_WIDTH)
    return sum(widths) + GUTTER * len(widths)


def _two_line_table(records: Sequence[IndexedRecord], *, topics: bool) -> Table:
    table = grid("Date", "Title, parties, type, id")
    for item in records:
        second = Text.assemble(_parties(item), "  ", _type(item), "  ", text(item.record.id, "dim"))
        if topics:
            second.append_text(text(f"  {', '.join(item.record.topics)}", "dim"))
        title = text(item.record.title)
        table.add_row(_lines(_wrapped(item.record.date)), title.append("\n").append_text(second))
    return table


def _wrapped(date: str) -> str:
    """Break a long date after the separator of its ends."""
    return date.replace("/", "/\n").replace("..", "..\n") if len(date) > _DATE_WIDTH else date


def _lines(value: str) -> Text:
    return Text("\n").join(text(line) for line in value.split("\n"))


def _parties(item: IndexedRecord) -> Text:
    codes = [party.code for party in item.record.parties]
    shown = " ".join(codes[:_PARTIES_SHOWN])
    if len(codes) > _PARTIES_SHOWN:
        shown += f" +{len(codes) - _PARTIES_SHOWN}"
    return text(shown, "bold")


def _type(item: IndexedRecord) -> Text:
    return text(item.record.type, _KIND_STYLES.get(item.kind, ""))


def plain(
    headings: Mapping[str, str], rows: Iterable[Mapping[str, Any]], *, width: int | None
) -> Table:
    """Return a table of any rows, with numeric columns aligned right.

    Where the columns would be too narrow to read, each row is a block with a line for each column.
    """
    kept = list(rows)
    cells = [[text(_flat(row[name])) for name in headings] for row in kept]
    names = [text(heading) for heading in headings.values()]
    if width is not None and _minimum_width([names, *cells]) > width:
        return _blocks(names, cells)
    figures = [
        number
        for number, name in enumerate(headings)
        if kept and all(type(row[name]) in (int, float) for row in kept)
    ]
    table = grid(*headings.values(), right=figures)
    for row in cells:
        table.add_row(*row)
    return table


def _minimum_width(rows: Sequence[Sequence[Text]]) -> int:
    """Return the least width in which every column is complete or readable."""
    widths: list[int] = [max(cell.cell_len for cell in cells) for cells in zip(*rows, strict=True)]
    return sum(min(width, _READABLE) + GUTTER for width in widths) - GUTTER


def _blocks(names: Sequence[Text], rows: Iterable[Sequence[Text]]) -> Table:
    table = grid("", "")
    table.show_header = False
    for number, row in enumerate(rows):
        if number:
            table.add_row("", "")
        for name, cell in zip(names, row, strict=True):
            name.stylize("bold")
            table.add_row(name, cell)
    return table


def vocabulary(rows: Sequence[Mapping[str, Any]], *, width: int | None) -> Table:
    """Return a table of vocabulary entries."""
    table = grid("Code", "Name", "What it is")
    table.columns[0].no_wrap = True
    for row in rows:
        about = [row["definition"] or ""]
        if row["kind"] and not row["definition"]:
            about = [row["kind"]]
        if row["from"] or row["until"]:
            about.append(f"({row['from'] or ''} to {row['until'] or 'today'})")
        if row["names"]:
            shown = row["names"] if width is None else row["names"][:_NAMES_SHOWN]
            more = " ..." if len(shown) < len(row["names"]) else ""
            about.append(f"also {', '.join(shown)}{more}")
        line = text(" ".join(part for part in about if part))
        table.add_row(text(row["code"], "bold"), text(row["label"]), line)
    return table


def pairs(rows: Sequence[Mapping[str, Any]], names: Vocabulary, *, width: int | None) -> Table:
    """Return a table of pairs, on a terminal with a bar of their weight."""
    labels = [text(f"{names.label(row['a'])} – {names.label(row['b'])}") for row in rows]
    affinity = ["" if row["affinity"] is None else f"{row['affinity']:.2f}" for row in rows]
    topics = [", ".join(row["topics"][:_TOPICS_SHOWN]) for row in rows]
    return fitted(
        Column("Pair", labels, right=False),
        [
            *_counts(rows),
            *_spans(rows, width),
            Column("Affinity", [Text(number) for number in affinity], rank=5),
            Column("Topics", [text(line, "dim") for line in topics], rank=6, right=False),
        ],
        values=[row["weight"] for row in rows],
        most=max((row["weight"] for row in rows), default=0),
        width=width,
    )


def countries(rows: Sequence[Mapping[str, Any]], names: Vocabulary, *, width: int | None) -> Table:
    """Return a table of countries, on a terminal with a bar of their records."""
    return _members("country", rows, names, width)


def organisations(
    rows: Sequence[Mapping[str, Any]], names: Vocabulary, *, width: int | None
) -> Table:
    """Return a table of organisations, formatted as ``countries``."""
    return _members("organisation", rows, names, width)


def _members(
    kind: str, rows: Sequence[Mapping[str, Any]], names: Vocabulary, width: int | None
) -> Table:
    code = width is None or width >= WIDE
    return fitted(
        Column(kind.title(), [_named(row[kind], names, code=code) for row in rows], right=False),
        [
            *_counts(rows),
            Column("Partners", [Text(str(row["partners"])) for row in rows], rank=4),
            *_spans(rows, width),
        ],
        values=[row["records"] for row in rows],
        most=max((row["records"] for row in rows), default=0),
        width=width,
    )


def _named(party: str, names: Vocabulary, *, code: bool) -> Text:
    label = text(names.label(party))
    return label.append_text(text(f" ({party})", "dim")) if code else label


def years(rows: Sequence[Mapping[str, Any]], *, width: int | None) -> Table:
    """Return a table of years, on a terminal with a bar of instruments and encounters."""
    narrow = width is not None and width < NARROW
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


def status(rows: Sequence[Mapping[str, Any]], *, width: int | None) -> Table:
    """Return a table of instruments in force by day, on a terminal with a bar of them."""
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
            room = max(1, width - sum(len(name) + GUTTER for name in headings) - _DATE_WIDTH)
            possible_only = row["possible"] - row["certain"]
            cells.append(_stacked_bar(row["certain"], possible_only, most, room))
        table.add_row(*cells)
    return table


def _stacked_bar(first: int, second: int, most: int, room: int) -> Text:
    drawn = two_bars(first, second, most, room)
    return Text(drawn[0], style="cyan").append(drawn[1], style="green")


def _merge_gaps(rows: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Merge three or more consecutive empty years into one row: ``1892–1929``."""
    for empty, group in groupby(rows, key=lambda row: not row["records"]):
        years = list(group)
        if empty and len(years) >= _GAP:
            yield {**years[0], "year": f"{years[0]['year']}–{years[-1]['year']}"}
        else:
            yield from years


_STATUS_FIGURES = 70  # columns in which a bar fits beside all figures of status
_GAP = 3
_FIGURES = 36  # columns of years and figures
_NARROW_FIGURES = 21


def _counts(rows: Sequence[Mapping[str, Any]]) -> list[Column]:
    force = [row["in_force"] for row in rows]
    shares = [f"{of['certain']} of {of['possible']}" if of["possible"] else "" for of in force]
    return [
        Column("Records", [Text(str(row["records"]), style="bold") for row in rows]),
        Column("Instr.", [Text(str(row["instruments"] or "")) for row in rows], rank=1),
        Column("Enc.", [Text(str(row["encounters"] or "")) for row in rows], rank=1),
        Column("In force", [Text(cell) for cell in shares], rank=2),
    ]


def _spans(rows: Sequence[Mapping[str, Any]], width: int | None) -> list[Column]:
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


def _flat(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)
