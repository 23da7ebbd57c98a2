"""What of a record is stored beside its rows: the words that are searched, and its data as JSON.

The words of a record are told twice, when it enters the full text and when it leaves: both must
come from the same record by the same folding.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from healthcoop.model.folding import fold
from healthcoop.model.record import Record
from healthcoop.model.spec import FIELDS, SEARCHED, fields_of

TOP = tuple(field.name for field in fields_of("") if not (field.required or field.optional))
"""The optional fields whose share ``summary`` shows."""
TERMS = tuple(field.name for field in fields_of("terms") if not field.optional)
FILLED = (*TOP, *(f"terms.{name}" for name in TERMS))
"""What the bits of ``record.filled`` stand for, from the lowest."""

_SEARCHED = [path.partition(".")[::2] for path in SEARCHED]
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_BETWEEN = " ¶ "


def words(record: Record) -> str:
    """Give the folded texts of a record in which ``--text`` searches."""
    # Folded one by one: most texts are ASCII, which costs nothing; the pilcrow is not.
    return _BETWEEN.join(fold(text) for text in _texts(record) if text)


def of_instruments(name: str) -> bool:
    """Return whether a name of FILLED is of a field that only an instrument has."""
    return FIELDS[name.partition(".")[0]].instruments


def compact(data: Mapping[str, Any]) -> str:
    """Write a record's plain data as JSON without spaces."""
    return _encode(data)


def _texts(record: Record) -> Iterator[str | None]:
    for name, inner in _SEARCHED:
        value = getattr(record, name)
        for part in value if isinstance(value, tuple) else (value,):
            text = getattr(part, inner) if inner and part else part
            if isinstance(text, tuple):
                yield from text
            else:
                yield text
