"""An Excel workbook: typed cells, frozen headings, filters, and sheets that say what it all means.

XlsxWriter writes each row as it comes, so that memory does not grow with the rows; openpyxl's
writing mode keeps a temporary file a sheet too, but takes twice as long.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from healthcoop.errors import NotExportable
from healthcoop.export.exporters import missing
from healthcoop.export.extract import Extract
from healthcoop.export.records import csv_columns
from healthcoop.export.tables import neutralised
from healthcoop.index.long_tables import LongTable, long_tables, open_long_tables

MOST_ROWS = 1_048_576
"""Of a sheet, its heading included."""
MOST_CHARACTERS = 32_767
"""Of a cell; a longer text ends in CUT."""
CUT = " … (cut)"
_FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a day too many, and nothing before 1900
_LEFT_OUT = {"dyads", "records"}  # dyads by their number; records are the wide table
_WIDTHS = {"title": 60, "summary": 60, "url": 40, "id": 36, "record": 36, "text": 40, "doc": 80}
_WIDTH = 14

Heading = Sequence[tuple[str, str]]
"""The name and the kind of each column."""


def write(extract: Extract, target: Path) -> None:
    """Write the workbook; raises NotExportable for too many rows, and as ``missing``."""
    try:
        import xlsxwriter
    except ImportError:
        raise missing("XlsxWriter", "xlsx") from None
    day = extract.provenance.day or "2000-01-01"
    with xlsxwriter.Workbook(target, {"constant_memory": True, "in_memory": False}) as book:
        book.set_properties(
            {
                "title": extract.provenance.title,
                "author": "; ".join(extract.provenance.authors),
                "comments": extract.provenance.citation,
                "created": datetime.fromisoformat(day),
            }
        )
        sheets = _Sheets(book)
        sheets.add("about", [("property", "text"), ("text", "text")], _about(extract))
        known = csv_columns()
        sheets.add(
            "records",
            [(name, column.kind) for name, column in known.items()],
            ([column.value(indexed) for column in known.values()] for indexed in extract.records()),
        )
        with open_long_tables(extract.index, extract.query) as rows:
            for table in _tables():
                heading = [(column.name, column.kind) for column in table.columns]
                sheets.add(table.name, heading, rows(table.name))
        heading = [("sheet", "text"), ("column", "text"), ("doc", "text")]
        sheets.add("definitions", heading, _definitions())


class _Sheets:
    """Sheets are added to a workbook one after the other, each row as it comes."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})

    def add(self, name: str, heading: Heading, rows: Iterable[Sequence[Any]]) -> None:
        """Add a sheet with a frozen heading and a filter."""
        sheet = self._book.add_worksheet(name)
        for column, (title, _) in enumerate(heading):
            sheet.set_column(column, column, _WIDTHS.get(title, _WIDTH))
        sheet.freeze_panes(1, 0)
        for column, (title, _) in enumerate(heading):
            sheet.write_string(0, column, title, self._bold)
        last = 0
        for last, values in enumerate(rows, 1):
            if last == MOST_ROWS:
                raise NotExportable(
                    f"{name} has more rows than a sheet of Excel, {MOST_ROWS:,}",
                    hint="Filter the records, or export csv --tables or sqlite.",
                )
            for column, (value, (_, kind)) in enumerate(zip(values, heading, strict=True)):
                self._write(sheet, last, column, value, kind)
        sheet.autofilter(0, 0, last, len(heading) - 1)

    def _write(self, sheet: Any, row: int, column: int, value: Any, kind: str) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value)
        elif kind == "day" and (day := date.fromisoformat(value)) >= _FIRST_DAY:
            sheet.write_datetime(row, column, day, self._day)
        else:
            text = "; ".join(value) if isinstance(value, list) else value
            sheet.write_string(row, column, _short(neutralised(text)))


def _short(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - len(CUT)] + CUT


def _tables() -> list[LongTable]:
    return [table for name, table in long_tables().items() if name not in _LEFT_OUT]


def _about(extract: Extract) -> Iterator[tuple[str, Any]]:
    data = extract.provenance.as_data()
    licences: list[Mapping[str, str]] = data.pop("licences")
    yield from data.items()
    for one in licences:
        text = ". ".join(filter(None, (one["licence"], one["attribution"])))
        yield f"licence of {one['collection']}", text


def _definitions() -> Iterator[tuple[str, str, str]]:
    for name, column in csv_columns().items():
        yield "records", name, column.doc
    for table in _tables():
        yield table.name, "", table.doc
        for each in table.columns:
            yield table.name, each.name, each.doc
