"""The rows of a table: CSV, JSON Lines and XLSX, one after the other, in bounded memory.

A value is text or a list of texts. What ``export csv`` put before a formula is removed again.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from healthcoop.errors import HealthcoopError, UnknownName

MAX_ROWS = 200_000
MAX_COLUMNS = 1_000
_LONGEST_LINE = 1 << 20
_MOST_CELLS = 20_000_000
_MOST_IN_FIELD = 131_072  # characters: what the csv module allows by default
_CELLS_OF_EMPTY_ROW = 10  # what a row costs, in cells: a sheet can skip any number of rows
_DELIMITERS = ",;\t|"
_NEUTRALISED = re.compile(r"\A'(?=[=+\-@\t\r])|^'(?=\s*::)", re.MULTILINE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_WIDE = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"PK\x03\x04": "a ZIP or XLSX file"}

Value = str | list[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number, with the heading as number 1; ``problem`` is why it cannot be used."""

    number: int
    values: Mapping[str, Value] = field(default_factory=dict)
    problem: str = ""
    record: Mapping[str, Any] | None = None
    """The object of a JSON line as it is, for an import without a mapping."""


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a file, by its ending.

    Raises UnknownName for another ending, and HealthcoopError for a file that cannot be read, is
    not in UTF-8 or is too large.
    """
    readers: dict[str, Callable[[Path], Iterator[Row]]] = {
        **dict.fromkeys((".csv", ".tsv", ".txt"), _csv_rows),
        **dict.fromkeys((".jsonl", ".ndjson"), _json_rows),
        ".xlsx": _xlsx_rows,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        choice = "Use .csv, .tsv, .jsonl or .xlsx."
        raise UnknownName("file ending", path.suffix or path.name, otherwise=choice)
    try:
        for count, row in enumerate(reader(path)):
            if count >= MAX_ROWS:
                raise HealthcoopError(f"{path} has more than {MAX_ROWS:,} rows: split it")
            yield row
    except OSError as error:
        raise HealthcoopError(f"cannot read {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise HealthcoopError(
            f"{path} is not in UTF-8",
            hint="Save it as UTF-8; in Excel choose “CSV UTF-8”, or import the .xlsx file.",
        ) from None


def read_table(path: Path, key: str) -> dict[str, Mapping[str, Value]]:
    """Return the rows of a small table by the value of a column; raises HealthcoopError."""
    table: dict[str, Mapping[str, Value]] = {}
    for row in read_rows(path):
        ident = row.values.get(key, "")
        if row.problem or not isinstance(ident, str) or not ident or ident in table:
            problem = row.problem or f"“{key}” is empty, missing or repeated: {ident}"
            raise HealthcoopError(f"{path}, row {row.number}: {problem}")
        table[ident] = row.values
    return table


def _csv_rows(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        start = file.read(4)
    for mark, name in _WIDE.items():
        if start.startswith(mark):
            raise HealthcoopError(f"{path} is {name}, not text in UTF-8", hint="Save it as UTF-8.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading = file.readline(_LONGEST_LINE)
        file.seek(0)
        delimiter = max(_DELIMITERS, key=lambda each: (_count(heading, each), each == ","))
        csv.field_size_limit(_MOST_IN_FIELD)  # of the whole process: a library may have raised it
        lines = csv.reader(_lines(path, file), delimiter=delimiter, strict=True)
        try:
            yield from _table_rows(path, lines)
        except csv.Error as error:
            raise HealthcoopError(f"{path}, line {lines.line_num}: {error}") from None


def _lines(path: Path, file: TextIO) -> Iterator[str]:
    """Yield the lines of a file; raises HealthcoopError for one that is too long."""
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        if not line.endswith("\n") and len(line) >= _LONGEST_LINE:
            raise HealthcoopError(f"{path}, line {number}: the line is too long")
        yield line


def _count(heading: str, delimiter: str) -> int:
    """Return how often a delimiter stands outside quotes."""
    return re.sub(r'"[^"]*"?', "", heading).count(delimiter)


def _table_rows(path: Path, lines: Iterable[list[str]]) -> Iterator[Row]:
    """Yield rows with a heading; a row with more or fewer cells has a problem."""
    numbered = enumerate(lines, start=1)
    names = [restored(cell).strip() for cell in next(numbered, (1, []))[1]]
    while names and not names[-1]:
        names.pop()
    if not any(names):
        raise HealthcoopError(f"{path} has no heading: its first row names the columns")
    if len(names) > MAX_COLUMNS:
        raise HealthcoopError(f"{path} has more than {MAX_COLUMNS:,} columns")
    if repeated := sorted({name for name in names if name and names.count(name) > 1}):
        raise HealthcoopError(f"{path} has several columns named {', '.join(repeated)}")
    for number, line in numbered:
        cells = [restored(cell).strip() for cell in line]
        if not any(cells):
            continue
        if len(cells) < len(names) or any(cells[len(names) :]):
            problem = f"it has {len(cells)} cells, the heading {len(names)}"
            yield Row(number, problem=problem)
            continue
        values = dict(zip(names, cells, strict=False))
        values.pop("", None)
        yield Row(number, values)


def restored(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from running a formula."""
    return _NEUTRALISED.sub("", cell) if "'" in cell else cell


def _json_rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(_lines(path, file), start=1):
            if line.strip():
                yield _json_row(number, line)


def _json_row(number: int, line: str) -> Row:
    values: dict[str, Value] = {}
    try:
        data = json.loads(line)
        if not isinstance(data, dict):
            return Row(number, problem="it is not a JSON object")
        if "\\u" in line and _SURROGATE.search(json.dumps(data, ensure_ascii=False)):
            return Row(number, problem="it has half of a character, a lone surrogate")
        _flatten(data, "", values)
    except (ValueError, RecursionError):
        return Row(number, problem="it is not valid JSON, or nested too deep")
    return Row(number, values, record=data)


def _flatten(data: Mapping[str, Any], prefix: str, values: dict[str, Value]) -> None:
    """Add the values of an object; those of objects in it by names such as ``place.city``."""
    for name, value in data.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{name}.", values)
        elif isinstance(value, list):
            texts = [_text(item) for item in value if not isinstance(item, dict | list)]
            if len(texts) == len(value):
                values[prefix + name] = [text for text in texts if text]
        else:
            values[prefix + name] = _text(value)


def _text(value: object) -> str:
    """Return a value of JSON or of a spreadsheet as text: 59.0 is 59, a midnight its day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    return str(value).strip()


_LARGEST_PART = 100 << 20
_MOST_TEXT_ELEMENTS = 2_000_000  # of half a million texts: some seconds, 400 MB at most
_CHUNK = 1 << 20
_TEXTS_HINT = "Split the table, or save it as CSV in UTF-8."
_CELLS_HINT = "Delete what is beside and below the table, or save it as CSV in UTF-8."
_XLSX_HINT = "Open it in a spreadsheet and save it as .xlsx or as CSV in UTF-8."


def _xlsx_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of the first sheet; a formula is the value that was stored with it."""
    try:
        import openpyxl  # noqa: F401
    except ImportError:
        raise HealthcoopError(
            "reading .xlsx needs openpyxl", hint="pip install 'healthcoop[contribute]'"
        ) from None
    _check_size(path)
    try:
        book = _workbook(path)
    except (HealthcoopError, OSError):
        raise
    except Exception as error:
        raise _damaged(path, error) from None
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from _padded(path, _sheet_lines(path, sheet.iter_rows(values_only=True)))
    except (HealthcoopError, OSError, GeneratorExit):
        raise
    except Exception as error:
        raise _damaged(path, error) from None
    finally:
        with suppress(Exception):
            book.close()


def _workbook(path: Path) -> Any:
    """Open a workbook; raises HealthcoopError for one with too many texts, which are all read."""
    from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader

    class Reader(ExcelReader):  # type: ignore[misc]
        def read_strings(self) -> None:
            """Count the elements of the texts, and read them if they are not too many."""
            if part := self.package.find(SHARED_STRINGS):
                with self.archive.open(part.PartName[1:]) as content:
                    chunks = iter(partial(content.read, _CHUNK), b"")
                    if sum(chunk.count(b"<") for chunk in chunks) > _MOST_TEXT_ELEMENTS:
                        raise HealthcoopError(f"{path} has too many texts", hint=_TEXTS_HINT)
            super().read_strings()

    reader = Reader(path, read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb


def _sheet_lines(path: Path, lines: Iterable[tuple[object, ...]]) -> Iterator[list[str]]:
    """Yield rows of texts; raises HealthcoopError for a sheet with too many cells.

    A cell far to the right or far below stands for all the empty ones before it.
    """
    cells = 0
    for line in lines:
        cells += len(line) + _CELLS_OF_EMPTY_ROW
        if cells > _MOST_CELLS:
            raise HealthcoopError(f"{path} has too many cells, empty ones too", hint=_CELLS_HINT)
        yield [_text(cell) for cell in line]


def _padded(path: Path, lines: Iterator[list[str]]) -> Iterator[Row]:
    """Yield the rows of a sheet, whose empty cells at the end are not stored."""
    heading = next(lines, [])
    width = len(heading)
    padded = ([*line, *[""] * (width - len(line))] for line in lines)
    yield from _table_rows(path, (line for part in ([heading], padded) for line in part))


def _check_size(path: Path) -> None:
    """Raise HealthcoopError for a file that is no ZIP archive, or unpacks to too much."""
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise _damaged(path, error) from None
    if size > _LARGEST_PART:
        raise HealthcoopError(f"{path} unpacks to {size:,} bytes: too large", hint=_XLSX_HINT)


def _damaged(path: Path, error: Exception) -> HealthcoopError:
    return HealthcoopError(f"cannot read {path} as .xlsx: {error}", hint=_XLSX_HINT)
