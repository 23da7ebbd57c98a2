"""Rows of the index from files: records, what is wrong with those that are none, vocabularies.

This module parses: it is imported only when a file has to be read.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from healthcoop.files import reader, vocabularies
from healthcoop.files.nodes import Pointer
from healthcoop.files.positions import Positions
from healthcoop.files.tree import Tree
from healthcoop.files.vocabularies import read_schema
from healthcoop.index.database import digest, storable
from healthcoop.model import dates, regions, status, succession
from healthcoop.model.first_day import first_day
from healthcoop.model.folding import fold
from healthcoop.model.record import KEPT_WHEN_WITHDRAWN, Party, Record, Terms
from healthcoop.model.shape import ShapeError
from healthcoop.model.spec import FILLED, SEARCHED
from healthcoop.model.vocabulary import KINDS, Term, Vocabulary

Rows = dict[str, list[tuple[Any, ...]]]
"""Rows to insert, by table."""

_READ = ("accessed", "archived", "language")
_ITEMS = {
    "place": ("places", attrgetter("city", "country", "venue")),
    "source": ("sources", attrgetter("url", "kind", "publisher", "title", "published", *_READ)),
    "link": ("links", attrgetter("rel", "record", "title", "date", "url")),
    "identifier": ("identifiers", attrgetter("scheme", "value")),
}
"""The tables of a record's parts: the record's field, and the values of a row's columns."""
_TEXTS = {"topic": "topics", "outcome": "outcomes", "former": "former_ids"}
_KEYS = {"problem": "file", "record": "id", "document": "id"} | dict.fromkeys(
    ("widened", "party", "body", "extension", "person", "party_period", *_ITEMS, *_TEXTS), "record"
)
_BETWEEN = " ¶ "
_MANY = 500  # files from which several processes are worth their start
_CHUNK = 100
_SEARCHED = [path.partition(".")[::2] for path in SEARCHED]

compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class _Fault(NamedTuple):
    """Why a record cannot be listed: the rule it breaks, the message, and the place."""

    code: str
    message: str
    pointer: Pointer


def insert_rows(connection: sqlite3.Connection, rows: Rows) -> None:
    """Insert rows that ``add_file`` and ``add_unreadable`` have collected."""
    for table, content in rows.items():
        into = "words (rowid, text)" if table == "words" else table
        marks = ", ".join("?" * len(content[0]))
        connection.executemany(f"INSERT INTO {into} VALUES ({marks})", content)


def delete_rows(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Delete everything that comes from the content of these files."""
    keys: list[tuple[int]] = connection.execute(
        "SELECT id FROM file WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps([*numbers]),),
    ).fetchall()
    for key in keys:
        for (data,) in connection.execute("SELECT data FROM document WHERE id = ?", key).fetchall():
            # The full-text table stores no words: deleting a row needs them.
            text = _words(Record.from_data(json.loads(data)))
            connection.execute(
                "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", (*key, text)
            )
    for table, column in _KEYS.items():
        connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", keys)


def add_file(rows: Rows, number: int, content: bytes, kinds: Mapping[str, str]) -> None:
    """Add the rows of the record in one file, or the row of its first problem.

    ``number`` is the file's id; ``kinds`` maps each type of the data set to ``instrument`` or
    ``encounter``.
    """
    parsed = reader.parse(content)
    if parsed.data is None:
        problem = parsed.problems[0]
        span = problem.span
        _add(rows, "problem", number, span.line, span.column, problem.code, problem.message)
        return
    data = dict(parsed.data)
    while isinstance(record := _record(data, kinds), _Fault):
        field = record.pointer[0] if record.pointer else None
        if "withdrawn" not in data or field not in data or field in KEPT_WHEN_WITHDRAWN:
            place = Positions(content).value(record.pointer)
            _add(rows, "problem", number, place.line, place.column, record.code, record.message)
            return
        del data[field]  # of a withdrawn record, only what it keeps is checked
    _add_record(rows, number, record, kinds.get(record.type, ""))
    _add_parts(rows, number, record)
    _add(rows, "document", number, compact(data))
    _add(rows, "words", number, _words(record))


def add_unreadable(rows: Rows, number: int, error: OSError) -> None:
    """Add the problem of a file that the operating system could not read."""
    reason = storable(error.strerror or str(error))  # it may name another file
    _add(rows, "problem", number, 1, 1, "HC115", f"The file cannot be read: {reason}.")


def _add(rows: Rows, table: str, *row: Any) -> None:
    rows.setdefault(table, []).append(row)


def _record(data: Mapping[str, Any], kinds: Mapping[str, str]) -> Record | _Fault:
    """Return the record, or the first fault that keeps it from being listed."""
    try:
        record = Record.from_data(data)
    except ShapeError as error:
        message = f"{error.message[:1].upper()}{error.message[1:]}."
        return _Fault("HC203", message, error.pointer)
    return next(_faults(record, kinds), record)


def _faults(record: Record, kinds: Mapping[str, str]) -> Iterator[_Fault]:
    """Yield the faults that keep a record from being listed."""
    # One removed on a lawful request keeps nothing but its id.
    for name in ("id",) if record.withdrawn else ("id", "type", "date", "parties"):
        if not getattr(record, name):
            yield _Fault("HC202", f"The record has no “{name}”.", (name,))
    if record.type and record.type not in kinds:
        yield _Fault(
            "HC204", f"Unknown type “{record.type}”: schema/types.yaml lacks it.", ("type",)
        )
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
    countries = len({side.country for side in record.sides if side.country})
    organisations = len({side.code for side in record.sides if not side.country})
    _add(
        rows,
        "record",
        number,
        record.id,
        record.type,
        kind,
        record.title,
        *_dated(record.date),
        record.lateral,
        record.withdrawn is not None,
        record.collection,
        countries,
        countries + organisations,
        _filled(record),
        *(_status_days(record) if kind == "instrument" and record.date else (None,) * 6),
    )
    if kind == "instrument" and record.date:
        _add_party_periods(rows, number, record)
    if record.date and dates.parse(record.date).qualified:
        days = dates.widen(dates.parse(record.date))
        _add(rows, "widened", number, *map(_iso, days))


def _dated(text: str) -> tuple[str | int | None, ...]:
    """Return the date, its earliest and latest day, the day it sorts by, and its year."""
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


def _filled(record: Record) -> int:
    terms = record.terms or Terms()
    parts = (name.rpartition(".") for name in FILLED)
    present = (bool(getattr(terms if part else record, name)) for part, _, name in parts)
    return sum(1 << bit for bit, is_filled in enumerate(present) if is_filled)


def _status_days(record: Record) -> tuple[str | None, ...]:
    stated = status.entry_into_force(record)[1]
    return *_days(status.span(record)), _iso(stated), succession.stated_end(record)


def _add_party_periods(rows: Rows, number: int, record: Record) -> None:
    """Add the sides whose own days differ from the instrument's, or would after a renewal."""
    if not any(map(_party_days, record.sides)):
        return
    whole = _days(status.span(record))
    for code, when in status.spans_of_sides(record).items():
        own = _days(when)
        left = _iso(status.departure(record, code))
        if left or own != whole:
            _add(rows, "party_period", number, code, *own[:3], left)


def _days(span: status.Span) -> tuple[str | None, ...]:
    days = (span.possible_from, span.certain_from, span.certain_until, span.possible_until)
    return tuple(map(_iso, days))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _party_days(party: Party) -> tuple[str | None, ...]:
    """Return a party's own days in the order of their columns; an empty tuple if it has none."""
    days = (party.signed, party.ratified, party.acceded, party.in_force, party.left)
    return () if days.count(None) == len(days) else days


def _add_parts(rows: Rows, number: int, record: Record) -> None:
    for at, party in enumerate(record.parties):
        days = _party_days(party) or (None,) * 5
        who = (party.code, not party.country, party.is_side, party.role, party.level)
        _add(rows, "party", number, at, *who, *days, *_first_day(record, party))
        for place, body in enumerate(party.bodies):
            _add(rows, "body", number, at, place, body)
        for place, territory in enumerate(party.extended_to):
            _add(rows, "extension", number, at, place, territory)
    for at, person in enumerate(record.people):
        names = (person.name, person.native_name, person.role, person.party)
        folded = fold(f"{person.name}\n{person.native_name}" if person.native_name else person.name)
        _add(rows, "person", number, at, *names, person.signed, person.wikidata, folded)
    for table, (field, values) in _ITEMS.items():
        for at, item in enumerate(getattr(record, field)):
            _add(rows, table, number, at, *values(item))
    for table, field in _TEXTS.items():
        for at, text in enumerate(getattr(record, field)):
            _add(rows, table, number, at, text)


def _first_day(record: Record, party: Party) -> tuple[str | int | None, ...]:
    """Return the date from which a party belongs to the record, its order, and its year."""
    first = first_day(record, party)
    if first is None:
        return None, None, dates.parse(record.date).year if record.date else None
    day, latest = first.sort_key
    return first.text, f"{day} {latest}", first.year


def _words(record: Record) -> str:
    """Return the folded texts of a record in which ``--text`` searches."""
    # Folded one by one: most texts are ASCII, which is quick; the pilcrow is not.
    return _BETWEEN.join(fold(text) for text in _texts(record) if text)


def _texts(record: Record) -> Iterator[str | None]:
    for name, inner in _SEARCHED:
        value = getattr(record, name)
        for part in value if isinstance(value, tuple) else (value,):
            text = getattr(part, inner) if inner and part else part
            if isinstance(text, tuple):
                yield from text
            else:
                yield text


class Task(NamedTuple):
    """A record file to read: its id, its path on disk, and the hash of its content if known."""

    number: int
    path: str
    hash: bytes | None


class Loaded(NamedTuple):
    """What was read for a chunk of tasks.

    ``numbers`` are those of the chunk; ``hashes`` has those of files that exist (None: could not be
    read); ``same`` those whose content has not changed, which have no ``rows``.
    """

    numbers: list[int]
    hashes: dict[int, bytes | None]
    same: set[int]
    rows: Rows


def read_files(root: Path, kinds: Mapping[str, str], tasks: list[Task]) -> Iterator[Loaded]:
    """Read files, in any order; ``kinds`` as for ``add_file``."""
    chunks = [tasks[start : start + _CHUNK] for start in range(0, len(tasks), _CHUNK)]
    read_one = partial(read_chunk, root, kinds)
    if len(tasks) > _MANY:
        from healthcoop.files.parallel import map_parallel

        return map_parallel(read_one, chunks)
    return map(read_one, chunks)


def read_chunk(root: Path, kinds: Mapping[str, str], chunk: list[Task]) -> Loaded:
    """Read the files of one chunk, possibly in a child process."""
    tree = Tree(root)
    loaded = Loaded([task.number for task in chunk], {}, set(), {})
    for number, path, known in chunk:
        try:
            content = tree[path]
        except KeyError:  # deleted since the scan
            continue
        except OSError as error:
            loaded.hashes[number] = None
            add_unreadable(loaded.rows, number, error)
            continue
        loaded.hashes[number] = digest(content)
        if loaded.hashes[number] == known:
            loaded.same.add(number)
        else:
            add_file(loaded.rows, number, content, kinds)
    return loaded


class _Recorded(dict[str, bytes]):
    """Files by path, read on demand and kept, so that what is hashed is what was read."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def __missing__(self, path: str) -> bytes:
        content = self[path] = self._files[path]
        return content


def read_vocabularies(files: Mapping[str, bytes]) -> tuple[Vocabulary, bytes]:
    """Return the vocabularies and the content of their files; raises InvalidSchema."""
    recorded = _Recorded(files)
    read_schema(recorded)  # refuses records of a newer format
    vocabulary = vocabularies.load(recorded)
    return vocabulary, b"\0".join(recorded[path] for path in sorted(recorded))


def store_vocabularies(connection: sqlite3.Connection, vocabulary: Vocabulary) -> None:
    """Insert the vocabularies into their empty tables."""
    connection.execute("INSERT INTO vocabulary VALUES (?)", (compact(vocabulary.data),))
    for kind in KINDS:
        rows = (_row(kind, term, vocabulary) for term in vocabulary.terms(kind).values())
        connection.executemany(f"INSERT INTO term VALUES ({', '.join('?' * 13)})", rows)
    connection.executemany("INSERT INTO member VALUES (?, ?, ?, ?, ?, ?)", _members(vocabulary))


def _row(kind: str, term: Term, vocabulary: Vocabulary) -> tuple[str | int | None, ...]:
    more = term.more
    first = dates.bounds(term.starts)[0] if term.starts else None
    last = dates.bounds(term.ends)[1] if term.ends else None
    return (
        *(kind, term.code, term.label, term.definition, term.kind, term.starts, term.ends),
        vocabulary.folded_into(term.code) if kind == "countries" else None,
        *(more.get("alpha3"), more.get("official_name"), more.get("crs")),
        *(int(day[:4]) if day else None for day in (first, last)),
    )


def _members(vocabulary: Vocabulary) -> Iterator[tuple[str | None, ...]]:
    for region, country, starts, ends in regions.memberships(vocabulary):
        first = dates.bounds(starts)[0] if starts else None
        last = dates.bounds(ends)[1] if ends else None
        yield region, country, first, last, starts, ends
