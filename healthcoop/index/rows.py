"""From the content of a record file to the rows of the index, or to why it is no record.

This module parses: it is imported only where a file has to be read, never to answer a question.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from healthcoop.files import reader
from healthcoop.files.positions import Positions
from healthcoop.files.reader import Pointer
from healthcoop.index.database import storable
from healthcoop.index.words import TERMS, TOP, compact, words
from healthcoop.model import dates, status, succession
from healthcoop.model.folding import fold
from healthcoop.model.record import KEPT_WHEN_WITHDRAWN, Party, Record, Terms
from healthcoop.model.shape import ShapeError

Rows = dict[str, list[tuple[Any, ...]]]
"""Rows to insert, by table."""


class _Fault(NamedTuple):
    """Why a record cannot be listed: the rule it breaks, in words, and where."""

    code: str
    message: str
    pointer: Pointer


def read(rows: Rows, number: int, content: bytes, kinds: Mapping[str, str]) -> None:
    """Add the rows of one file, the file of that number, or the one row of its problem.

    ``kinds`` gives ``instrument`` or ``encounter`` for each type of the data set.
    """
    reading = reader.read(content)
    if reading.data is None:
        trouble = reading.problems[0]
        span = trouble.span
        _add(rows, "problem", number, span.line, span.column, trouble.code, trouble.message)
        return
    data = dict(reading.data)
    while isinstance(record := _record(data, kinds), _Fault):
        field = record.pointer[0] if record.pointer else None
        if "withdrawn" not in data or field not in data or field in KEPT_WHEN_WITHDRAWN:
            place = Positions(content).value(record.pointer)
            _add(rows, "problem", number, place.line, place.column, record.code, record.message)
            return
        del data[field]  # what a withdrawn record says beside its id is not checked
    _add_record(rows, number, record, kinds.get(record.type, ""))
    _add_parts(rows, number, record)
    _add(rows, "document", number, compact(data))
    _add(rows, "words", number, words(record))


def refuse(rows: Rows, number: int, error: OSError) -> None:
    """Add the problem of a file that the operating system would not let us read."""
    reason = storable(error.strerror or str(error))  # it may name another file
    _add(rows, "problem", number, 1, 1, "HC115", f"The file cannot be read: {reason}.")


def _add(rows: Rows, table: str, *row: Any) -> None:
    rows.setdefault(table, []).append(row)


def _record(data: Mapping[str, Any], kinds: Mapping[str, str]) -> Record | _Fault:
    """Make a record that can be listed, or give the first of what keeps it from being one."""
    try:
        record = Record.from_data(data)
    except ShapeError as error:
        message = f"{error.message[:1].upper()}{error.message[1:]}."
        return _Fault("HC203", message, error.pointer)
    return next(_faults(record, kinds), record)


def _faults(record: Record, kinds: Mapping[str, str]) -> Iterator[_Fault]:
    """Give what keeps a record from being listed; the first is enough."""
    # One removed on a lawful request keeps nothing but its id.
    for name in ("id",) if record.withdrawn else ("id", "type", "date", "parties"):
        if not getattr(record, name):
            yield _Fault("HC202", f"The record has no “{name}”.", (name,))
    if record.type and record.type not in kinds:
        yield _Fault("HC204", f"“{record.type}” is no code of schema/types.yaml.", ("type",))
    try:
        if record.date:
            dates.parse(record.date)
    except dates.DateError as error:
        yield _Fault("HC401", error.message, ("date",))
    for position, party in enumerate(record.parties):
        if not party.code:
            message = f"Party {position + 1} names neither a country nor an organisation."
            yield _Fault("HC501", message, ("parties", position))


def _add_record(rows: Rows, number: int, record: Record, kind: str) -> None:
    countries, organisations = len(set(record.countries)), len(set(record.organisations))
    _add(
        rows,
        "record",
        number,
        record.id,
        record.type,
        kind,
        record.title,
        *_dated(record.date),
        lateral(countries, organisations),
        record.withdrawn is not None,
        record.collection,
        countries,
        countries + organisations,
        _filled(record),
        *(_status_days(record) if kind == "instrument" and record.date else (None,) * 6),
    )
    if kind == "instrument" and record.date:
        _add_stays(rows, number, record)


def _dated(text: str) -> tuple[str | int | None, ...]:
    """Give the date, its earliest and latest day, the day it sorts by, and its year."""
    if not text:  # of a withdrawn record
        return (None,) * 5
    date = dates.parse(text)
    first, last = date.earliest, date.latest
    return (
        text,
        first.isoformat() if first else None,
        last.isoformat() if last else None,
        date.sort_key[0].isoformat(),
        date.year,
    )


def lateral(countries: int, organisations: int) -> str | None:
    """Name the kind of gathering: by the number of different countries, then of organisations."""
    if countries > 2:
        return "multilateral"
    if countries == 2:
        return "bilateral"
    return "organisation" if organisations else None


def _filled(record: Record) -> int:
    terms = record.terms or Terms()
    held = [bool(getattr(record, name)) for name in TOP]
    held += [getattr(terms, name) is not None for name in TERMS]
    return sum(1 << bit for bit, there in enumerate(held) if there)


def _status_days(record: Record) -> tuple[str | None, ...]:
    stated = status.entry_into_force(record)[1]
    return *_days(status.span(record)), _iso(stated), succession.stated_end(record)


def _add_stays(rows: Rows, number: int, record: Record) -> None:
    """Add the parties whose own days are not the instrument's, or would not be after a renewal."""
    if not any(party.role == "observer" or _party_days(party) for party in record.parties):
        return
    whole = _days(status.span(record))
    for code in {party.code: party for party in record.parties}:
        own = _days(status.span(record, party=code))
        left = _iso(status.departure(record, code))
        if left or own != whole:
            _add(rows, "stay", number, code, *own[:3], left)


def _days(span: status.Span) -> tuple[str | None, ...]:
    days = (span.possible_from, span.certain_from, span.certain_until, span.possible_until)
    return tuple(map(_iso, days))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _party_days(party: Party) -> tuple[str | None, ...]:
    """Give a party's own days in the order of their columns; nothing where it has none."""
    days = (party.signed, party.ratified, party.acceded, party.in_force, party.left)
    return () if days.count(None) == len(days) else days


def _add_parts(rows: Rows, number: int, record: Record) -> None:
    for at, party in enumerate(record.parties):
        days = _party_days(party) or (None,) * 5
        _add(rows, "party", number, at, party.code, not party.country, party.role, *days)
        for place, body in enumerate(party.bodies):
            _add(rows, "body", number, at, place, body)
    for at, person in enumerate(record.people):
        names = (person.name, person.native_name, person.role, person.party)
        folded = fold(f"{person.name}\n{person.native_name}" if person.native_name else person.name)
        _add(rows, "person", number, at, *names, person.signed, person.wikidata, folded)
    for at, topic in enumerate(record.topics):
        _add(rows, "topic", number, at, topic)
    for at, outcome in enumerate(record.outcomes):
        _add(rows, "outcome", number, at, outcome)
    for at, where in enumerate(record.places):
        _add(rows, "place", number, at, where.city, where.country, where.venue)
    for at, source in enumerate(record.sources):
        known = (source.url, source.kind, source.publisher, source.title)
        read = (source.published, source.accessed, source.archived, source.language)
        _add(rows, "source", number, at, *known, *read)
    for at, link in enumerate(record.links):
        _add(rows, "link", number, at, link.rel, link.record, link.title, link.date, link.url)
    for at, identifier in enumerate(record.identifiers):
        _add(rows, "identifier", number, at, identifier.scheme, identifier.value)
    for at, former in enumerate(record.former_ids):
        _add(rows, "former", number, at, former)
