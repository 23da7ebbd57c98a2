"""Records from the index: those that match a query, or one by its id."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from healthcoop.errors import NotFound, UnknownName
from healthcoop.index import conditions
from healthcoop.index.conditions import Condition
from healthcoop.index.database import (
    Index,
    connect,
    damaged_midway,
    is_damage,
    retry_after_damage,
    storable,
)
from healthcoop.index.query import Query, where
from healthcoop.index.values import nearest
from healthcoop.model.columns import IndexedRecord

_FROM = " FROM record JOIN file ON file.id = record.id JOIN document ON document.id = record.id"
_COLUMNS = "SELECT document.data, file.path, record.kind, record.earliest, record.latest"
_STATUS = (
    ", (SELECT CASE WHEN possible_from > ? OR possible_until < ? THEN 'no'"
    " WHEN ? >= certain_from AND ? <= certain_until THEN 'certain' ELSE 'possible' END"
    " FROM span WHERE span.id = record.id)"
)
SORTS: dict[str, tuple[str, ...]] = {
    "id": ("record.ident",),
    "date": (
        "record.earliest",
        # An open end is later than any day; without any date there is neither end.
        "coalesce(record.latest, CASE WHEN record.earliest NOT NULL THEN '9999-12-31' END)",
    ),
    "type": ("record.type",),
    "kind": ("record.kind",),
    "title": ("fold(record.title)",),
    "collection": ("record.collection",),
    "path": ("file.path",),
}
"""The sort keys, each with the SQL expressions to sort by."""

_BATCH = 2_000
_MOST_CANDIDATES = 10


@retry_after_damage
def select(
    index: Index,
    query: Query,
    *,
    sort: Sequence[str] = ("date", "id"),
    limit: int | None = None,
    offset: int = 0,
    day: date | None = None,
) -> Iterator[IndexedRecord]:
    """Return the records that match, sorted by keys of SORTS; ``-`` before a key reverses it.

    ``offset`` is the number of records left out before the first. With ``day``, each record has its
    status on that day: for the query's countries and pairs where the day is its ``in_force_on``,
    else as a whole. A long result is read in batches. Raises UnknownName for an unknown sort key,
    and as ``where``.
    """
    condition, values = where(query)
    status, days = _status(query, day) if day else ("", [])
    columns = _COLUMNS + status
    rest = f" WHERE {condition} ORDER BY {order_by(sort)} LIMIT ? OFFSET {offset:d}"
    limit = -1 if limit is None else limit

    def fetch(most: int) -> list[tuple[Any, ...]]:
        statement = columns + _FROM + rest
        return index.connection.execute(statement, [*days, *values, most]).fetchall()

    if index.path is None or 0 <= limit <= _BATCH:  # an index in memory has no file to reopen
        return iter([*map(_record, fetch(limit))])
    rows = fetch(_BATCH + 1)
    if len(rows) <= _BATCH:
        return iter([*map(_record, rows)])
    return _stream(index, index.path, (columns, rest), days, [*values, limit])


def _status(query: Query, day: date) -> Condition:
    """Return a column with the status on a day, and its values."""
    if query.in_force_on != day or not (query.countries or query.pairs):
        return _STATUS, [day.isoformat()] * 4
    # What matches is possibly in force by the same condition.
    certain, values = conditions.in_force(f"{day}", "certain", query.countries, query.pairs)
    return f", CASE WHEN {certain} THEN 'certain' ELSE 'possible' END", values


def _stream(
    index: Index,
    path: Path,
    parts: tuple[str, str],
    days: list[str | int],
    values: list[str | int],
) -> Iterator[IndexedRecord]:
    """Yield the records of one state of the index, a batch at a time, in the order of their keys.

    They are read on a connection of their own, so that ``index`` can be used or closed meanwhile.
    Raises HealthcoopError where the file turns out to be damaged.
    """
    columns, rest = parts
    keys = _FROM.removesuffix(" JOIN document ON document.id = record.id")
    batch = _FROM.replace(
        " FROM record", " FROM json_each(?) AS key JOIN record ON record.id = key.value", 1
    )
    try:
        with closing(connect(path, existing=True)) as connection:
            connection.execute("BEGIN")
            rows = connection.execute(f"SELECT record.id{keys}{rest}", values)
            numbers = [number for (number,) in rows]
            for start in range(0, len(numbers), _BATCH):
                batch_numbers = json.dumps(numbers[start : start + _BATCH])
                statement = f"{columns}{batch} ORDER BY key.key"
                rows = connection.execute(statement, [*days, batch_numbers])
                yield from map(_record, rows.fetchall())
    except Exception as error:  # of our own rows
        if not is_damage(error):
            raise
        raise damaged_midway(index) from None


@retry_after_damage
def count(index: Index, query: Query) -> int:
    """Return the number of records that match; raises as ``where``."""
    condition, values = where(query)
    statement = f"SELECT count(*) FROM record WHERE {condition}"
    number: int
    ((number,),) = index.connection.execute(statement, values).fetchall()
    return number


@retry_after_damage
def get(index: Index, ident: str) -> IndexedRecord:
    """Return a record by its id, a former id, its path or the unique beginning of an id.

    Raises NotFound with similar ids, or with those that begin so.
    """
    ident = storable(ident)
    for condition in (
        "record.ident = ?",
        "record.id IN (SELECT record FROM former WHERE ident = ?)",
        "file.path = ?",
    ):
        value = storable(_relative_path(index, ident)) if condition == "file.path = ?" else ident
        statement = f"{_COLUMNS}{_FROM} WHERE {condition} ORDER BY {SORTS['path'][0]} LIMIT 1"
        rows = index.connection.execute(statement, (value,)).fetchall()
        if rows:
            return _record(rows[0])
    candidates = ids(index, ident) if ident else []
    if len(candidates) == 1 and candidates != [ident]:
        return get(index, candidates[0])
    raise _not_found(index, ident, candidates)


@retry_after_damage
def ids(index: Index, prefix: str = "") -> list[str]:
    """Return the ids that begin with a prefix, sorted."""
    rows = index.connection.execute(
        "SELECT DISTINCT ident FROM record"
        " WHERE substr(ident, 1, length(:prefix)) = :prefix ORDER BY ident",
        {"prefix": storable(prefix)},
    )
    return [ident for (ident,) in rows.fetchall()]


@retry_after_damage
def taken_ids(index: Index) -> set[str]:
    """Return the ids that a new record cannot have: of records, former ones, names of files."""
    statement = (
        "SELECT ident FROM record UNION SELECT ident FROM former UNION SELECT path FROM file"
    )
    return {Path(name).stem for (name,) in index.connection.execute(statement).fetchall()}


def order_by(sort: Sequence[str]) -> str:
    """Return the SQL expressions for sort keys; raises UnknownName."""
    terms = []
    for key in sort:
        name = key.removeprefix("-")
        if name not in SORTS:
            raise UnknownName("sort key", key, nearest(name, [*SORTS]))
        direction = "DESC" if key.startswith("-") else "ASC"
        terms += [f"{term} {direction} NULLS LAST" for term in SORTS[name]]
    # The id and the path make the order of records with equal keys the same on every run.
    return ", ".join([*terms, *SORTS["id"], *SORTS["path"]])


def _record(row: tuple[Any, ...]) -> IndexedRecord:
    data, *rest = row
    return IndexedRecord(json.loads(data), *rest)


def _relative_path(index: Index, text: str) -> str:
    """Return a path relative to the root; it may be relative to the root or the current folder."""
    path = Path(text)
    if not path.is_absolute() and os.path.lexists(index.root / path):
        return path.as_posix()
    try:
        return Path(os.path.realpath(path)).relative_to(os.path.realpath(index.root)).as_posix()
    except ValueError:
        return ""


def _not_found(index: Index, ident: str, candidates: list[str]) -> NotFound:
    if candidates:
        return NotFound(f"{ident} ({len(candidates)} ids begin so)", candidates[:_MOST_CANDIDATES])
    for problem in index.problems:
        if ident in (problem.path, Path(problem.path).stem):
            place = f"{problem.path}:{problem.line}:{problem.column}"
            return NotFound(f"{ident}: its file cannot be read: {place}: {problem.message}")
    return NotFound(ident, nearest(ident, ids(index)))
