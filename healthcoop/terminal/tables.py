"""Tables: aligned, coloured with restraint, without boxes; they fit 80 columns and use 200."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.table import Table
from rich.text import Text

from healthcoop.model.columns import IndexedRecord
from healthcoop.model.dates import Edtf, parse
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal.charts import SECOND, two_bars
from healthcoop.terminal.columns import GUTTER, Column, fitted, grid
from healthcoop.terminal.console import text

ROOMY = 120
"""The columns from which there is room for topics."""
NARROW = 60  # columns under which a bar is worth more than figures beside it
_WIDE = 165  # columns from which dates of a span are given in full
_TITLE_WIDTH = 60  # a title that is longer may go on in the next line
_READABLE = 12  # columns in which a longer text can be read line by line
_PARTIES_SHOWN = 4
_DATE_WIDTH = 12
_NAMES_SHOWN = 4
_TOPICS_SHOWN = 3
_KIND_STYLES = {"instrument": "cyan", "encounter": "green"}


def records(listed: Sequence[IndexedRecord], *, width: int | None) -> Table:
    """Lay records out: one line each where all of them fit, else two, the title first.

    Topics are shown from a width on, whichever of the two it is.
    """
    if width is not None and width < ROOMY:
        return _records_on_two_lines(listed, topics=False)
    table = grid(*_HEADINGS)
    rows = [_on_one_line(item, broken=width is not None) for item in listed]
    if width is not None and _room([[text(name) for name in _HEADINGS], *rows]) > width:
        return _records_on_two_lines(listed, topics=True)
    for number, column in enumerate(table.columns):
        column.no_wrap = number != _TITLE
    for row in rows:
        table.add_row(*row)
    return table


_HEADINGS = ("Date", "Parties", "Type", "Title", "Topics", "Id")
_TITLE = _HEADINGS.index("Title")


def _on_one_line(item: IndexedRecord, *, broken: bool) -> list[Text]:
    record = item.record
    return [
        _lines(_broken(record.date) if broken else record.date),
        _parties(item),
        _type(item),
        text(record.title),
        text(", ".join(record.topics), "dim"),
        text(record.id, "dim"),
    ]


def _room(rows: Sequence[Sequence[Text]]) -> int:
    """Count the columns of a terminal that rows need when nothing but the title may break."""
    widths: list[int] = [
        max(max(line.cell_len for line in cell.split("\n")) for cell in cells)
        for cells in zip(*rows, strict=True)
    ]
    widths[_TITLE] = min(widths[_TITLE], _TITLE_WIDTH)
    return sum(widths) + GUTTER * len(widths)


def _records_on_two_lines(listed: Sequence[IndexedRecord], *, topics: bool) -> Table:
    table = grid("Date", "Title, parties, type, id")
    for item in listed:
        second = Text.assemble(_parties(item), "  ", _type(item), "  ", text(item.record.id, "dim"))
        if topics:
            second.append_text(text(f"  {', '.join(item.record.topics)}", "dim"))
        title = text(item.record.title)
        table.add_row(_lines(_broken(item.record.date)), title.append("\n").append_text(second))
    return table


def _broken(date: str) -> str:
    """Break a long date after what joins its ends, so that it takes two narrow lines."""
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
    """Lay any rows out; columns of numbers to the right.

    Where the columns would be too narrow to read, a row is a block with a line a column.
    """
    kept = list(rows)
    cells = [[text(_flat(row[name])) for name in headings] for row in kept]
    names = [text(heading) for heading in headings.values()]
    if width is not None and _least([names, *cells]) > width:
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


def _least(rows: Sequence[Sequence[Text]]) -> int:
    """Count the columns of a terminal in which every cell has its width, or one to be read in."""
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
    """Lay entries of a vocabulary out: code, name, and what else is known of it."""
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
    """Lay pairs out; on a terminal with a bar of their weight, and what else there is room for."""
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
    """Lay countries out, with a bar of their records on a terminal."""
    return _members("country", rows, names, width)


def organisations(
    rows: Sequence[Mapping[str, Any]], names: Vocabulary, *, width: int | None
) -> Table:
    """Lay organisations out as countries."""
    return _members("organisation", rows, names, width)


def _members(
    kind: str, rows: Sequence[Mapping[str, Any]], names: Vocabulary, width: int | None
) -> Table:
    code = width is None or width >= ROOMY
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
    """Lay years out, on a terminal with a bar of instruments and encounters."""
    narrow = width is not None and width < NARROW
    keys = ("records",) if narrow else ("records", "instruments", "encounters")
    headings = ["Year", *("Records", "Instr.", "Enc.")[: len(keys)]]
    legend = f"█ instr. {SECOND} enc." if narrow else f"█ instruments {SECOND} encounters"
    table = grid(*headings, *([] if width is None else [legend]), right=range(1, len(headings)))
    most = max((row["records"] for row in rows), default=0)
    for row in rows if width is None else _without_gaps(rows):
        if not row["records"]:
            table.add_row(text(str(row["year"]), "dim"), Text("0", style="dim"))
            continue
        cells = [Text(str(row["year"])), *(Text(str(row[key] or "")) for key in keys)]
        cells[1].stylize("bold")
        if width is not None:
            room = width - (_BESIDE_NARROW_BAR if narrow else _BESIDE_BAR)
            cells.append(_parts(row["instruments"], row["encounters"], most, room))
        table.add_row(*cells)
    return table


def status(rows: Sequence[Mapping[str, Any]], *, width: int | None) -> Table:
    """Lay out how many instruments were in force on days, on a terminal with a bar of them."""
    narrow = width is not None and width < _ALL_OF_STATUS
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
            cells.append(_parts(row["certain"], row["possible"] - row["certain"], most, room))
        table.add_row(*cells)
    return table


def _parts(first: int, second: int, most: int, room: int) -> Text:
    drawn = two_bars(first, second, most, room)
    return Text(drawn[0], style="cyan").append(drawn[1], style="green")


def _without_gaps(rows: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Give rows of three and more empty years as one: ``1892–1929``."""
    for empty, group in groupby(rows, key=lambda row: not row["records"]):
        years = list(group)
        if empty and len(years) >= _GAP:
            yield {**years[0], "year": f"{years[0]['year']}–{years[-1]['year']}"}
        else:
            yield from years


_ALL_OF_STATUS = 70  # columns in which a bar has room beside all its figures
_GAP = 3
_BESIDE_BAR = 36  # columns of years and figures
_BESIDE_NARROW_BAR = 21


def _counts(rows: Sequence[Mapping[str, Any]]) -> list[Column]:
    force = [row["in_force"] for row in rows]
    sure = [f"{of['certain']} of {of['possible']}" if of["possible"] else "" for of in force]
    return [
        Column("Records", [Text(str(row["records"]), style="bold") for row in rows]),
        Column("Instr.", [Text(str(row["instruments"] or "")) for row in rows], rank=1),
        Column("Enc.", [Text(str(row["encounters"] or "")) for row in rows], rank=1),
        Column("In force", [Text(cell) for cell in sure], rank=2),
    ]


def _spans(rows: Sequence[Mapping[str, Any]], width: int | None) -> list[Column]:
    """Give the first and last date, or where there is little room their years."""
    # A withdrawn record may have no date.
    dates = [[row[key] or "" for key in ("first", "last")] for row in rows]
    if width is None or width >= _WIDE:
        first, last = ([text(both[end]) for both in dates] for end in (0, 1))
        return [Column("First", first, rank=3, right=False), Column("Last", last, 3, right=False)]
    years = ["–".join(dict.fromkeys(_year(parse(day)) for day in both if day)) for both in dates]
    return [Column("Years", [Text(both) for both in years], rank=3, right=False)]


def _year(when: Edtf) -> str:
    """Give the year of a date, of an interval that in which it begins, and no more than is known.

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
