"""Table formats: rows to text, for every command whose result is a table.

A row maps columns to values: text, a number, a truth value, None, a list of texts, or a mapping.
The text is yielded in chunks, so a long result is never in memory as a whole. To add a format: a
function, and its entry in TABLE_FORMATS.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from healthcoop.files.visible import visible, without_commands

Row = Mapping[str, Any]
Writer = Callable[[Sequence[str], Iterable[Row]], Iterator[str]]

_encode = json.JSONEncoder(ensure_ascii=False).encode

BYTE_ORDER_MARK = "\ufeff"
"""What begins a CSV file that Excel reads as UTF-8."""
_NUMBERS = (int, float)
# A formula at the beginning of a cell; a command for GitHub's runner at that of a line.
_FIRST = "=+-@\t\r"
_RUN = re.compile(r"\A(?=[=+\-@\t\r])|^(?=\s*::)", re.MULTILINE)


def as_json(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Write an array of objects, one on each line."""
    start = "[\n"
    for row in rows:
        yield start + _object(columns, row)
        start = ",\n"
    yield "[]\n" if start == "[\n" else "\n]\n"


def as_jsonl(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Write one object on each line."""
    for row in rows:
        yield _object(columns, row) + "\n"


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Write RFC 4180 with a heading; lists are joined by ``; ``, formulas are neutralised."""
    return values_as_csv(columns, ([row[name] for name in columns] for row in rows))


def values_as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Write rows as ``as_csv``, each a sequence of values in the order of the columns."""
    import csv

    line = csv.writer(_Echo()).writerow
    yield line(map(neutralised, columns))
    # Codes and years recur in most rows; 1, 1.0 and True are equal and read differently.
    cell = lru_cache(maxsize=10_000, typed=True)(_cell)
    for row in rows:
        try:
            yield line(map(cell, row))
        except TypeError:  # a list, which cannot be looked up
            yield line(map(_cell, row))


def as_tsv(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Write tab-separated lines with a heading; as CSV, but unquoted and safe on a terminal."""

    def line(cells: Iterable[Any]) -> str:
        return "\t".join(visible(" ".join(_cell(cell).split())) for cell in cells) + "\n"

    yield line(columns)
    for row in rows:
        yield line(row[name] for name in columns)


def as_markdown(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Write a GitHub Flavored Markdown table."""
    yield f"| {' | '.join(map(escape_markdown, columns))} |\n"
    yield f"|{'|'.join(' --- ' for _ in columns)}|\n"
    for row in rows:
        yield f"| {' | '.join(escape_markdown(_flat(row[name])) for name in columns)} |\n"


def as_yaml(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Write a YAML list of mappings that YAML 1.1 and 1.2 parsers read alike."""
    from healthcoop.files.canonical import dump

    empty = True
    for row in rows:
        empty = False
        yield dump([{name: row[name] for name in columns}])
    if empty:
        yield "[]\n"


class TableFormat(NamedTuple):
    """A table format; where it is not ``nested``, a mapping becomes several columns first."""

    write: Writer
    nested: bool = False


TABLE_FORMATS: Mapping[str, TableFormat] = {
    "json": TableFormat(as_json, nested=True),
    "jsonl": TableFormat(as_jsonl, nested=True),
    "csv": TableFormat(as_csv),
    "tsv": TableFormat(as_tsv),
    "markdown": TableFormat(as_markdown),
    "yaml": TableFormat(as_yaml, nested=True),
}
"""The values of ``--format`` for tables, beside ``table``, the one for people."""


def escape_markdown(text: str) -> str:
    """Escape Markdown's markup and cell separators, and make invisible characters visible."""
    text = visible(re.sub(r"[\t\n\r]", " ", text))
    text = re.sub(r"[\\`*_\[\]<>|~#&]", r"\\\g<0>", text)
    # These start a list, a rule or a heading only at the beginning of a line.
    return re.sub(r"^([0-9]{0,9})([-+=.)])(?=[-=\s]|$)", r"\1\\\2", text)


def neutralised(text: str) -> str:
    """Prefix with ``'`` what a spreadsheet (OWASP, CSV injection) or a CI log would run."""
    # Most texts are neither, and that is quicker to see without the pattern.
    if text[:1] in _FIRST or "::" in text:
        return _RUN.sub("'", text)
    return text


class _Echo:
    """A file whose ``write`` returns its argument, so that ``csv.writer`` returns each line."""

    def write(self, text: str) -> str:
        return text


def _cell(value: Any) -> str:
    """Return a value as a spreadsheet cell; only text can be a formula, not a number."""
    kind = type(value)  # quicker than isinstance, and enough for nearly all cells
    if kind is str:
        return neutralised(value)
    if kind is int:
        return str(value)
    return _flat(value) if isinstance(value, _NUMBERS) else neutralised(_flat(value))


def _flat(value: Any) -> str:
    """Return any value as one text, None as an empty one."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, list | tuple):
        return "; ".join(_flat(item) for item in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key}={_flat(item)}" for key, item in value.items())
    return str(value)


def _object(columns: Sequence[str], row: Row) -> str:
    return without_commands(_encode({name: row[name] for name in columns}))
