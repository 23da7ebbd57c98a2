"""Tables of records, of vocabularies and of any rows, without boxes, for 80 columns and more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from rich.table import Table
from rich.text import Text

from healthcoop.model.columns import IndexedRecord, select
from healthcoop.terminal.columns import GUTTER, grid
from healthcoop.terminal.console import text

WIDE = 120
"""Columns of a terminal from which topics are shown."""
_TITLE_WIDTH = 60  # columns; a longer title may wrap
_READABLE = 12  # columns in which wrapped text is still readable
_BATCH = 1_000  # records in one table: laying out 100,000 at once takes minutes and gigabytes
_PARTIES_SHOWN = 4
_DATE_WIDTH = 12
_NAMES_SHOWN = 4
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


def _flat(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)
