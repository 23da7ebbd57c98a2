"""Tables of records, of vocabularies and of any rows, without boxes, for 80 columns and more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from healthcoop.model.columns import Column as RecordColumn
from healthcoop.model.columns import IndexedRecord, select
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal.console import WrappedTable, bar, longest_whole, text, wrapped
from healthcoop.terminal.lines import GUTTER, Column, Lines

_NAME = 22  # columns; a longer name may wrap
_SHORTEST, _LONGEST = 6, 24  # columns of a bar
WIDE = 120
"""Columns of a terminal from which topics are shown."""
_TITLE_WIDTH = 60  # columns; a longer title may wrap
_READABLE = 12  # columns in which wrapped text is still readable
_BATCH = 1_000  # records in one table: laying out 100,000 at once takes minutes and gigabytes
_PARTIES_SHOWN = 4
_DATE_WIDTH = 12
_NAMES_SHOWN = 4
ANSWER_STYLES = {"certain": "green", "possible": "yellow", "no": "red"}
"""The colours of the answers to whether an instrument is in force."""
_KIND_STYLES = {"instrument": "cyan", "encounter": "green"}


def grid(*headings: str, right: Sequence[int] = ()) -> Table:
    """Return an empty table without boxes; the columns numbered in ``right`` are numeric."""
    table = Table(box=None, pad_edge=False, padding=(0, GUTTER, 0, 0), header_style="bold")
    for number, heading in enumerate(headings):
        figures = number in right
        # "fold" wraps a word longer than its column, so that nothing is truncated.
        table.add_column(
            text(heading),
            justify="right" if figures else "left",
            no_wrap=figures,
            overflow="fold",
        )
    return table


def fitted(
    names: Column,
    others: Sequence[Column],
    *,
    values: Sequence[float],
    width: int | None,
    most: float | None = None,
) -> RenderableType:
    """Return a table of names, a bar for each row's value, and as many other columns as fit.

    ``most`` is the value of a full bar, by default the highest. For a pipe, with ``width`` None,
    every column and no bar.
    """
    if width is None:
        return Lines([names, *others])
    left = width - min(_NAME, names.width())
    kept: list[Column] = []
    for column in sorted(others, key=lambda column: column.rank):
        needed = column.width() + GUTTER
        if column.rank and left - needed < _SHORTEST + GUTTER:
            break
        kept.append(column)
        left -= needed
    longer = max(0, min(names.width() - _NAME, left - _SHORTEST - GUTTER))
    room = min(_LONGEST, left - longer - GUTTER)
    most = max(values, default=0) if most is None else most
    bars = [Text(bar(value, most, room), style="cyan") for value in values]
    shown = [column for column in others if any(column is one for one in kept)]
    return Lines([names, Column("", bars, right=False), *shown], width=width)


def record_tables(
    records: Iterator[IndexedRecord],
    columns: Sequence[str] | None,
    names: Vocabulary,
    *,
    status: bool = False,
    width: int | None,
) -> Iterator[Table]:
    """Yield tables of some records each, with a heading only where it changes.

    ``columns`` are names of columns; None for the default layout, to which ``status`` adds that
    of each instrument. Topics are shown by name.
    """
    selected = select(tuple(columns or ()))
    headings = {name: column.label for name, column in selected.items()}
    previous = None
    while batch := [*islice(records, _BATCH)]:
        if columns:
            rows = [_row(item, selected, names) for item in batch]
            table = plain(headings, rows, width=width)
        else:
            table = record_table(batch, names, status=status, width=width)
        header = [str(column.header) for column in table.columns]
        table.show_header = table.show_header and header != previous
        previous = header
        yield table


def _row(
    item: IndexedRecord, selected: Mapping[str, RecordColumn], names: Vocabulary
) -> dict[str, Any]:
    row: dict[str, Any] = {name: column.value(item) for name, column in selected.items()}
    return {**row, "topics": _topics(row["topics"], names)} if "topics" in row else row


def record_table(
    records: Sequence[IndexedRecord], names: Vocabulary, *, status: bool = False, width: int | None
) -> Table:
    """Return a table of records: one line each where all of them fit, else two.

    Topics are shown from a width of WIDE on.
    """
    if width is not None and width < WIDE:
        return _two_line_table(records, None, status=status, width=width)
    headings = [*_HEADINGS, "Status"] if status else _HEADINGS
    table = grid(*headings)
    rows = [_one_line(item, names, wrap_dates=width is not None) for item in records]
    if status:
        rows = [[*row, _status(item)] for row, item in zip(rows, records, strict=True)]
    if width is not None and _required_width([[text(name) for name in headings], *rows]) > width:
        return _two_line_table(records, names, status=status, width=width)
    for number, column in enumerate(table.columns):
        column.no_wrap = number != _TITLE
    for row in rows:
        table.add_row(*row)
    return table


_HEADINGS = ("Date", "Parties", "Type", "Title", "Topics", "Id")
_TITLE = _HEADINGS.index("Title")


def _one_line(item: IndexedRecord, names: Vocabulary, *, wrap_dates: bool) -> list[Text]:
    record = item.record
    return [
        _lines(_wrapped(record.date) if wrap_dates else record.date),
        _parties(item),
        _type(item),
        text(record.title),
        text(_topics(record.topics, names), "dim"),
        text(record.id, "dim"),
    ]


def _topics(codes: Iterable[str], names: Vocabulary) -> str:
    return ", ".join(names.label_in("topics", code) for code in codes)


def _status(item: IndexedRecord) -> Text:
    return text(item.status or "", ANSWER_STYLES.get(item.status or "", ""))


def _required_width(rows: Sequence[Sequence[Text]]) -> int:
    """Return the width that rows need when only the title may wrap."""
    widths: list[int] = [
        max(max(line.cell_len for line in cell.split("\n")) for cell in cells)
        for cells in zip(*rows, strict=True)
    ]
    widths[_TITLE] = min(widths[_TITLE], _TITLE_WIDTH)
    return sum(widths) + GUTTER * len(widths)


def _two_line_table(
    records: Sequence[IndexedRecord], names: Vocabulary | None, *, status: bool, width: int
) -> Table:
    """Return a table with a title above the rest of each record; topics where there are names."""
    dates = [_lines(_wrapped(item.record.date)) for item in records]
    widest = max(cell_len(line) for date in dates for line in ("Date", *date.plain.split("\n")))
    room = max(1, width - widest - GUTTER)
    heading = f"Title, parties, type, {'status, ' if status else ''}id"
    table = WrappedTable(box=None, pad_edge=False, padding=(0, GUTTER, 0, 0), header_style="bold")
    table.add_column(text("Date"), no_wrap=True)
    table.add_column(wrapped(text(heading), room), no_wrap=True)
    for date, item in zip(dates, records, strict=True):
        second = Text.assemble(_parties(item), "  ", _type(item), "  ")
        if status:
            second.append_text(_status(item)).append("  ")
        second.append_text(text(item.record.id, "dim"))
        if names:
            second.append_text(text(f"  {_topics(item.record.topics, names)}", "dim"))
        title = text(item.record.title)
        cell = title.append("\n").append_text(second)
        table.add_row(date, wrapped(cell, room))
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
    """Return a table of any rows, with numeric columns aligned right; a cell may be a Text.

    A cell of one word, an id and an address are never broken. Where the columns would be too narrow
    for that or to read, each row is a block with a line for each column.
    """
    kept = list(rows)
    cells = [[_cell(row[name]) for name in headings] for row in kept]
    names = [text(heading) for heading in headings.values()]
    figures = [
        number
        for number, name in enumerate(headings)
        if kept and all(type(row[name]) in (int, float) for row in kept)
    ]
    table = grid(*headings.values(), right=figures)
    if width is not None:
        widths = _widths([names, *cells], width)
        if widths is None:
            return _blocks(names, cells, width)
        for column, columns in zip(table.columns, widths, strict=True):
            column.width = columns
    for row in cells:
        table.add_row(*row)
    return table


def _cell(value: Any) -> Text:
    return value if isinstance(value, Text) else text(_flat(value))


def _widths(rows: Sequence[Sequence[Text]], width: int) -> list[int] | None:
    """Return the widths of columns that are complete or readable; None if there are none.

    What is left beyond the least widths goes to the narrowest columns first.
    """
    columns = [*zip(*rows, strict=True)]
    full = [max(cell.cell_len for cell in cells) for cells in columns]
    least = [
        max(min(most, _READABLE), *map(longest_whole, cells))
        for most, cells in zip(full, columns, strict=True)
    ]
    left = width - sum(least) - GUTTER * (len(least) - 1)
    if left < 0:
        return None
    for number in sorted(range(len(full)), key=lambda number: full[number]):
        share = min(full[number] - least[number], left)
        least[number] += share
        left -= share
    return least


def _blocks(names: Sequence[Text], rows: Iterable[Sequence[Text]], width: int) -> Table:
    table = WrappedTable.grid(padding=(0, GUTTER, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    room = max(1, width - max(name.cell_len for name in names) - GUTTER)
    for number, row in enumerate(rows):
        if number:
            table.add_row("", "")
        for name, cell in zip(names, row, strict=True):
            name.stylize("bold")
            table.add_row(name, wrapped(cell, room))
    return table


def vocabulary(rows: Sequence[Mapping[str, Any]], *, width: int | None) -> Table:
    """Return a table of vocabulary entries."""
    table = grid("Code", "Name", "Definition")
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
            about.append(f"Also: {', '.join(shown)}{more}")
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


def duplicate_table(rows: Sequence[Mapping[str, Any]], *, width: int | None) -> Table:
    """Return a table of pairs: one line each where ``width`` is None, as in a pipe.

    On a terminal the records of a pair are stacked, with the reasons below them or, from 120
    columns on, in a column of their own.
    """
    if width is None:
        return _one_line_each(rows)
    columns = width >= WIDE
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
