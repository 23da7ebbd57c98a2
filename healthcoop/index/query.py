"""Query: the filters of ``list``, ``summary``, ``stats`` and ``export``, and what fits them."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from healthcoop.errors import NotFound, UnknownName
from healthcoop.index.conditions import where
from healthcoop.index.database import Index, asking, storable
from healthcoop.model.fields import Listed

_LISTED = (
    "SELECT document.data, folder.path || '/' || file.name, record.kind FROM record"
    " JOIN document ON document.id = record.id"
    " JOIN file ON file.id = record.id JOIN folder ON folder.id = file.folder"
)
_STATUS = (
    "(SELECT CASE WHEN possible_from > ? OR possible_until < ? THEN 'no'"
    " WHEN ? >= certain_from AND ? <= certain_until THEN 'certain' ELSE 'possible' END"
    " FROM span WHERE span.id = record.id)"
)
SORTS: dict[str, tuple[str, ...]] = {
    "id": ("record.ident",),
    "date": ("record.sort_day", "coalesce(record.latest, '9999-12-31')"),
    "type": ("record.type",),
    "kind": ("record.kind",),
    "title": ("fold(record.title)",),
    "collection": ("record.collection",),
    "path": ("folder.path || '/' || file.name",),
}
"""What can be sorted by, and the expressions that do it."""

_NEAREST = 3
_CANDIDATES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which records are wanted: different filters combine with and, the values of one with or.

    ``countries`` and ``pairs`` hold codes of countries or organisations; ``types topics regions
    collections`` hold codes; ``since until years`` are EDTF and fit by overlap; ``persons places
    sources`` are parts of texts, folded here; ``texts`` are words, "phrases", -not and beginn*;
    ``ids`` are patterns with ``* ? [...]``; ``certainty`` says which answer of ``in_force_on`` is
    wanted, ``possible`` including certain.
    """

    countries: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    types: tuple[str, ...] = ()
    kind: Literal["instrument", "encounter"] | None = None
    topics: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    years: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    lateral: tuple[Literal["bilateral", "multilateral", "organisation"], ...] = ()
    in_force_on: date | None = None
    certainty: Literal["certain", "possible"] = "possible"
    sources: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    withdrawn: Literal["exclude", "include", "only"] = "exclude"


@dataclass(frozen=True, slots=True)
class Backlink:
    """A link of another record to this one: its relation, and the other record's facts."""

    rel: str
    id: str
    date: str
    type: str
    title: str


@asking
def select(
    index: Index,
    query: Query,
    *,
    sort: Sequence[str] = ("date", "id"),
    limit: int | None = None,
    day: date | None = None,
) -> Iterator[Listed]:
    """Give the records that fit, sorted by members of SORTS, each with ``-`` before it to fall.

    ``day`` is the one on which their status is wanted. Raises UnknownName for another sort key, and as ``where``.
    """
    condition, values = where(query)
    listed, days = _LISTED, []
    if day:
        listed = _LISTED.replace(" FROM record", f", {_STATUS} FROM record", 1)
        days = [day.isoformat()] * 4
    statement = f"{listed} WHERE {condition} ORDER BY {_order(sort)} LIMIT ?"
    values = [*days, *values, -1 if limit is None else limit]
    rows = index.connection.execute(statement, values).fetchall()
    return map(_listed, rows)


@asking
def count(index: Index, query: Query) -> int:
    """Count the records that fit; raises as ``where``."""
    condition, values = where(query)
    statement = f"SELECT count(*) FROM record WHERE {condition}"
    number: int
    ((number,),) = index.connection.execute(statement, values).fetchall()
    return number


@asking
def get(index: Index, ident: str) -> Listed:
    """Give the record of an id, a former id, a path, or the only id that begins so.

    Raises NotFound, with the ids it may have meant or that begin so.
    """
    ident = storable(ident)
    for condition, value in (
        ("record.ident = ?", ident),
        ("record.id IN (SELECT record FROM former WHERE ident = ?)", ident),
        ("folder.path || '/' || file.name = ?", storable(_path(index, ident))),
    ):
        rows = index.connection.execute(
            f"{_LISTED} WHERE {condition} ORDER BY {SORTS['path'][0]} LIMIT 1", (value,)
        ).fetchall()
        if rows:
            return _listed(rows[0])
    found = ids(index, ident) if ident else []
    if len(found) == 1:
        return get(index, found[0])
    raise _not_found(index, ident, found)


@asking
def links_to(index: Index, ident: str) -> list[Backlink]:
    """Give the links of other records to this one, by its id or a former one; by relation, date."""
    rows = index.connection.execute(
        "SELECT link.rel, record.ident, record.date, record.type, record.title"
        " FROM link JOIN record ON record.id = link.record"
        " JOIN file ON file.id = record.id JOIN folder ON folder.id = file.folder"
        " WHERE NOT record.withdrawn AND record.ident <> ?1 AND link.target IN ("
        "  SELECT ?1 UNION ALL"
        "  SELECT former.ident FROM former JOIN record ON record.id = former.record"
        "  WHERE record.ident = ?1)"
        f" ORDER BY link.rel, {_order(['date'])}",
        (ident,),
    )
    return [Backlink(*row) for row in rows.fetchall()]


@asking
def ids(index: Index, prefix: str = "") -> list[str]:
    """Give the ids that begin so, sorted."""
    rows = index.connection.execute(
        "SELECT DISTINCT ident FROM record WHERE substr(ident, 1, length(?1)) = ?1 ORDER BY ident",
        (storable(prefix),),
    )
    return [ident for (ident,) in rows.fetchall()]


def _order(sort: Sequence[str]) -> str:
    terms = []
    for key in sort:
        name = key.removeprefix("-")
        if name not in SORTS:
            raise UnknownName("sort key", key, _nearest(name, [*SORTS]))
        falling = " DESC" if key.startswith("-") else ""
        terms += [f"{term}{falling}" for term in SORTS[name]]
    # Two records that are alike in all of this must not change places from one run to the next.
    return ", ".join([*terms, *SORTS["id"], *SORTS["path"]])


def _listed(row: tuple[Any, ...]) -> Listed:
    data, *rest = row
    return Listed(json.loads(data), *rest)


def _path(index: Index, text: str) -> str:
    """Read a path as one below the root, from there or from the current folder."""
    path = Path(text)
    if not path.is_absolute() and os.path.lexists(index.root / path):
        return path.as_posix()
    try:
        return Path(os.path.realpath(path)).relative_to(os.path.realpath(index.root)).as_posix()
    except ValueError:
        return ""


def _not_found(index: Index, ident: str, found: list[str]) -> NotFound:
    if found:
        return NotFound(f"{ident} ({len(found)} ids begin so)", found[:_CANDIDATES])
    for problem in index.problems:
        if ident in (problem.path, Path(problem.path).stem):
            place = f"{problem.path}:{problem.line}:{problem.column}"
            return NotFound(f"{ident}: its file cannot be read: {place}: {problem.message}")
    return NotFound(ident, _nearest(ident, ids(index)))


def _nearest(text: str, choices: Sequence[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(text, choices, n=_NEAREST)
