"""Rows to text: the formats that every command with a table of results shares.

A row is a mapping from column to value: text, a number, true or false, None, a list of texts, or
a mapping. Text is written piece by piece, so that a long result is never held as a whole.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from healthcoop.files.visible import visible

Row = Mapping[str, Any]
Writer = Callable[[Sequence[str], Iterable[Row]], Iterator[str]]

_encode = json.JSONEncoder(ensure_ascii=False).encode

_NUMBERS = (int, float)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
    line = csv.writer(_Back()).writerow
    yield line(map(neutral, columns))
    for row in rows:
        yield line([_cell(row[name]) for name in columns])


def as_tsv(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Write tab-separated lines with a heading; as CSV, but without quotes, for a terminal too."""

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
    """Write a YAML list of mappings that every reader reads alike."""
    from healthcoop.files.canonical import dump

    empty = True
    for row in rows:
        empty = False
        yield dump([{name: row[name] for name in columns}])
    if empty:
        yield "[]\n"


FORMATS: Mapping[str, Writer] = {
    "json": as_json,
    "jsonl": as_jsonl,
    "csv": as_csv,
    "tsv": as_tsv,
    "markdown": as_markdown,
    "yaml": as_yaml,
}


def escape_markdown(text: str) -> str:
    """Escape what Markdown would take for markup or for the end of a cell, and what is unseen."""
    text = visible(re.sub(r"[\t\n\r]", " ", text))
    text = re.sub(r"[\\`*_\[\]<>|~#&]", r"\\\g<0>", text)
    # Only at the beginning these would start a list, a rule or a heading.
    return re.sub(r"^([0-9]{0,9})([-+=.)])(?=[-=\s]|$)", r"\1\\\2", text)


def neutral(text: str) -> str:
    """Put ``'`` before what a spreadsheet would run as a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


class _Back:
    """A file that gives what is written to it back, through ``csv.writer``."""

    def write(self, text: str) -> str:
        return text


def _cell(value: Any) -> str:
    """Write a value for a spreadsheet, which may run a text but not a number."""
    return _flat(value) if isinstance(value, _NUMBERS) else neutral(_flat(value))


def _flat(value: Any) -> str:
    """Write any value as one text; nothing is an empty one."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(_flat(item) for item in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key}={_flat(item)}" for key, item in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _object(columns: Sequence[str], row: Row) -> str:
    return _encode({name: row[name] for name in columns})
