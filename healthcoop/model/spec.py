"""Every list of fields that the tool needs, derived from the one table in ``model/record.py``.

``FIELDS`` maps the path of each field of a record and of its parts to its entry, in the order of
the file: ``parties``, ``parties.country``, ``parties.organisation`` ... ``PARTS`` maps the names of
fields to the dataclasses of their parts, ``""`` to the record. ``select(...)`` returns the paths of
the fields with a property: ``select(lambda field: field.kind == "date")``.

A new optional field is one entry of that table; nothing here names a field.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from healthcoop.model.field import ENTRIES, Field
from healthcoop.model.record import Record


def _parts(hint: Any) -> Iterator[type]:
    """Yield the parts of a record in the type of an attribute."""
    if hint in ENTRIES:
        yield hint
    for inner in get_args(hint):
        yield from _parts(inner)


def _entries(part: type, prefix: str) -> Iterator[Field]:
    for attribute, hint in part.__annotations__.items():
        name = attribute.rstrip("_")  # "from" is a word of Python
        entry = ENTRIES[part][attribute]
        title = entry.title or name.replace("_", " ").capitalize()
        yield replace(entry, title=title, path=f"{prefix}{name}")
        for inner in _parts(hint):
            PARTS[name] = inner
            yield from _entries(inner, f"{prefix}{name}.")


PARTS: dict[str, type] = {"": Record}
FIELDS: Mapping[str, Field] = {field.path: field for field in _entries(Record, "")}


def select(has: Callable[[Field], bool]) -> tuple[str, ...]:
    """Return the paths of the fields that have a property, in the order of the file."""
    return tuple(path for path, field in FIELDS.items() if has(field))


def names(has: Callable[[Field], bool]) -> frozenset[str]:
    """Return the names, without their parts, of the fields that have a property."""
    return frozenset(FIELDS[path].name for path in select(has))


def fields_of(part: str) -> tuple[Field, ...]:
    """Return the fields of a member of PARTS, in the order of the file."""
    return tuple(field for path, field in FIELDS.items() if path.rpartition(".")[0] == part)


NAMES = names(lambda _: True)
ORDER: Mapping[str, tuple[str, ...]] = {
    part: tuple(field.name for field in fields_of(part)) for part in PARTS
}
"""The keys of each part, in the order of the file."""
PROSE = names(lambda field: field.kind == "prose")
"""The names of the fields that may have several paragraphs; every other is of one line."""
FLOW_LISTS = names(lambda field: field.unique)
FLOW_ITEMS = names(lambda field: field.flow)
DATES = select(lambda field: field.kind == "date")
REQUIRED = select(lambda field: field.required)
SEARCHED = select(lambda field: field.search)
COLUMNS = select(lambda field: field.column)
"""The fields that are columns of ``list`` by their own name."""
FILLED = (
    *(field.name for field in fields_of("") if not (field.required or field.optional)),
    *(field.path for field in fields_of("terms") if not field.optional),
)
"""The optional fields whose share of records ``summary`` and ``stats completeness`` show.

The bits of ``record.filled`` in the index are in this order, from the lowest.
"""


def of_instruments(path: str) -> bool:
    """Return whether a field is one, or part of one, that only an instrument has."""
    return FIELDS[path.partition(".")[0]].instruments
