"""What of a record is stored beside its rows: the words that are searched, and its data as JSON.

The words of a record are told twice, when it enters the full text and when it leaves: both must
come from the same record by the same folding.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from healthcoop.model.folding import fold
from healthcoop.model.record import Record, Terms

TOP = (
    "official_title",
    "places",
    "people",
    "outcomes",
    "terms",
    "text_url",
    "identifiers",
    "links",
)
"""The optional fields whose share ``summary`` gives.

Without ``online``, ``former_ids``, ``withdrawn`` and ``notes``: nothing is missing where these are.
"""
TERMS: tuple[str, ...] = Terms.__slots__
FILLED = (*TOP, *(f"terms.{name}" for name in TERMS))
"""What the bits of ``record.filled`` stand for, from the lowest."""

_OF_INSTRUMENTS = frozenset({"official_title", "text_url", "terms"})

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_BETWEEN = " ¶ "


def words(record: Record) -> str:
    """Give the folded texts of a record in which ``--text`` searches."""
    # Folded one by one: most texts are ASCII, which costs nothing; the pilcrow is not.
    return _BETWEEN.join(fold(text) for text in _texts(record) if text)


def of_instruments(name: str) -> bool:
    """Tell whether a name of FILLED is of a field that only an instrument has."""
    return name.partition(".")[0] in _OF_INSTRUMENTS


def compact(data: Mapping[str, Any]) -> str:
    """Write a record's plain data as JSON without spaces."""
    return _encode(data)


def _texts(record: Record) -> Iterator[str | None]:
    yield record.title
    if record.official_title:
        yield record.official_title.text
    yield record.summary
    yield from record.outcomes
    for person in record.people:
        yield person.name
        yield person.native_name
    for party in record.parties:
        yield from party.bodies
    for place in record.places:
        yield place.city
        yield place.venue
    yield record.notes
