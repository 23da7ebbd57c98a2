"""Query: the filters of ``list``, ``summary``, ``stats`` and ``export``, and what fits them."""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from healthcoop.errors import HealthcoopError, NotFound, UnknownName
from healthcoop.index.conditions import where
from healthcoop.index.database import Index, asking, connect, damaged, half_answered, storable
from healthcoop.model.fields import IndexedRecord

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary

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

_AT_ONCE = 5_000
_NEAREST = 3
_CANDIDATES = 10


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Query:
    """Which records are wanted: different filters combine with and, the values of one with or.

    A filter of several values takes a sequence, or one text alone. ``countries`` and ``pairs``
    are of countries or organisations, and they as ``types topics regions collections`` are codes;
    names too where ``resolve`` comes in between, as it does in Dataset. ``since until years`` are
    EDTF text and fit by overlap; ``persons places sources`` are parts of texts, folded here;
    ``texts`` are words, "phrases", -not and beginn*; ``ids`` are patterns with ``* ? [...]``;
    ``certainty`` says which answer of ``in_force_on`` is wanted, ``possible`` including certain.
    Raises TypeError, with the name of the filter, for a value of another type.
    """

    countries: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()
    types: Sequence[str] = ()
    kind: Literal["instrument", "encounter"] | None = None
    topics: Sequence[str] = ()
    regions: Sequence[str] = ()
    persons: Sequence[str] = ()
    texts: Sequence[str] = ()
    since: str | None = None
    until: str | None = None
    years: Sequence[str] = ()
    places: Sequence[str] = ()
    lateral: Sequence[Literal["bilateral", "multilateral", "organisation"]] = ()
    in_force_on: date | None = None
    certainty: Literal["certain", "possible"] = "possible"
    sources: Sequence[str] = ()
    collections: Sequence[str] = ()
    ids: Sequence[str] = ()
    withdrawn: Literal["exclude", "include", "only"] = "exclude"

    def __post_init__(self) -> None:
        for name in _SEVERAL:
            given = getattr(self, name)
            # One text is a sequence of texts too, of its letters.
            values = (given,) if isinstance(given, str) else _several(name, given)
            object.__setattr__(self, name, values)
            _check_texts(name, values)
        for name in ("since", "until"):
            _check_texts(name, [value for value in [getattr(self, name)] if value is not None])
        object.__setattr__(self, "pairs", _pairs(self.pairs))
        if self.in_force_on is not None:
            object.__setattr__(self, "in_force_on", exact_day("in_force_on", self.in_force_on))

    def __repr__(self) -> str:
        given = {field.name: (getattr(self, field.name), field.default) for field in fields(self)}
        shown = (f"{name}={value!r}" for name, (value, usual) in given.items() if value != usual)
        return f"Query({', '.join(shown)})"


_PARTS = ("persons", "places", "sources", "ids")
_SEVERAL = (
    *("countries", "types", "topics", "regions", "collections"),
    *_PARTS,
    *("texts", "years", "lateral"),
)
_CHOICES = {
    "kind": ("instrument", "encounter", None),
    "certainty": ("certain", "possible"),
    "withdrawn": ("exclude", "include", "only"),
}


def resolve(query: Query, vocabulary: "Vocabulary") -> Query:
    """Give the query with codes where it has names, after a look at what else it asks for.

    Raises UnknownName with the nearest names, and HealthcoopError for what is no date or has
    nothing in it to look for: no record could match it, or every record would.
    """
    from healthcoop.model.folding import fold

    for name, choices in _CHOICES.items():
        check_choice(name, getattr(query, name), choices)
    for each in query.lateral:
        check_choice("lateral", each, ("bilateral", "multilateral", "organisation"))
    for text in (query.since, query.until, *query.years):
        check_date(text)
    for name in _PARTS:
        if not all(fold(text).strip() for text in getattr(query, name)):
            raise HealthcoopError(f"{name} has nothing in it to look for")

    def codes(name: str) -> tuple[str, ...]:
        return tuple(vocabulary.find(name, text) for text in getattr(query, name))

    party = vocabulary.find_party
    return replace(
        query,
        countries=tuple(map(party, query.countries)),
        pairs=tuple((party(one), party(two)) for one, two in query.pairs),
        types=codes("types"),
        topics=codes("topics"),
        regions=codes("regions"),
        collections=codes("collections"),
    )


def _several(name: str, given: object) -> tuple[Any, ...]:
    if not isinstance(given, Iterable):
        raise TypeError(f"{name} is made of texts, and is not {given!r}")
    return tuple(given)


def _pairs(given: object) -> tuple[tuple[str, str], ...]:
    pairs = _several("pairs", given)
    # A text is a sequence too, and a code one of two.
    if any(
        isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2 for pair in pairs
    ):
        raise TypeError(f"pairs is made of pairs, such as [('AZ', 'TR')], and is not {given!r}")
    _check_texts("pairs", [party for pair in pairs for party in pair])
    return tuple((one, two) for one, two in pairs)


def exact_day(name: str, given: object) -> date:
    """Give a date as one without a time, which pandas' days have; raises TypeError for no date."""
    if not isinstance(given, date):
        raise TypeError(f"{name} is a datetime.date, not {given!r}")
    return date(given.year, given.month, given.day)


def _check_texts(name: str, values: Sequence[object]) -> None:
    for value in values:
        if not isinstance(value, str):
            raise TypeError(f"{name} is made of texts, not of {value!r}")


def check_choice(name: str, given: str | None, choices: Sequence[str | None]) -> None:
    """Look whether a value is one of a few; raises UnknownName with the nearest."""
    if given not in choices:
        known = [choice for choice in choices if choice]
        otherwise = f"There are {', '.join(known)}."
        raise UnknownName(name, str(given), _nearest(str(given), known), otherwise=otherwise)


def check_date(text: str | None) -> None:
    """Look whether a text is EDTF; raises HealthcoopError with what to write instead."""
    from healthcoop.model import dates

    if text is None:
        return
    try:
        dates.parse(text)
    except dates.DateError as error:
        raise HealthcoopError(error.message, hint=error.hint) from None


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
) -> Iterator[IndexedRecord]:
    """Give the records that fit, sorted by members of SORTS, each with ``-`` before it to fall.

    ``day`` is the one on which their status is wanted. Of thousands, only some are held at a time.
    Raises UnknownName for another sort key, and as ``where``.
    """
    condition, values = where(query)
    listed, days = _LISTED, []
    if day:
        listed = _LISTED.replace(" FROM record", f", {_STATUS} FROM record", 1)
        days = [day.isoformat()] * 4
    rest = f" WHERE {condition} ORDER BY {_order(sort)} LIMIT ?"
    limit = -1 if limit is None else limit

    def fetch(most: int) -> list[tuple[Any, ...]]:
        return index.connection.execute(listed + rest, [*days, *values, most]).fetchall()

    if index.path is None or 0 <= limit <= _AT_ONCE:  # what is in memory is held already
        return map(_listed, fetch(limit))
    rows = fetch(_AT_ONCE + 1)
    if len(rows) <= _AT_ONCE:
        return map(_listed, rows)
    return map(_listed, _stream(index, index.path, (listed, rest), days, [*values, limit]))


def _stream(
    index: Index, path: Path, parts: tuple[str, str], days: list[str], values: list[str | int]
) -> Iterator[tuple[Any, ...]]:
    """Give rows of one state of the index, a batch at a time, in the order of their keys.

    The connection is its own: others may ask ``index`` meanwhile, or close it. Raises
    HealthcoopError where the file turns out damaged half-way.
    """
    listed, rest = parts
    keys = (
        "SELECT record.id FROM record"
        " JOIN file ON file.id = record.id JOIN folder ON folder.id = file.folder"
    )
    wanted = " FROM json_each(?) AS wanted JOIN record ON record.id = wanted.value"
    batch = listed.replace(" FROM record", wanted, 1) + " ORDER BY wanted.key"
    try:
        with closing(connect(path, existing=True)) as connection:
            connection.execute("BEGIN")
            found = [key for (key,) in connection.execute(keys + rest, values)]
            for start in range(0, len(found), _AT_ONCE):
                numbers = json.dumps(found[start : start + _AT_ONCE])
                yield from connection.execute(batch, [*days, numbers]).fetchall()
    except sqlite3.DatabaseError as error:
        if not damaged(error):
            raise
        raise half_answered(index) from None


@asking
def count(index: Index, query: Query) -> int:
    """Count the records that fit; raises as ``where``."""
    condition, values = where(query)
    statement = f"SELECT count(*) FROM record WHERE {condition}"
    number: int
    ((number,),) = index.connection.execute(statement, values).fetchall()
    return number


@asking
def get(index: Index, ident: str) -> IndexedRecord:
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
        " WHERE NOT record.withdrawn AND record.ident <> :ident AND link.target IN ("
        "  SELECT :ident UNION ALL"
        "  SELECT former.ident FROM former JOIN record ON record.id = former.record"
        "  WHERE record.ident = :ident)"
        f" ORDER BY link.rel, {_order(['date'])}",
        {"ident": ident},
    )
    return [Backlink(*row) for row in rows.fetchall()]


@asking
def ids(index: Index, prefix: str = "") -> list[str]:
    """Give the ids that begin so, sorted."""
    rows = index.connection.execute(
        "SELECT DISTINCT ident FROM record"
        " WHERE substr(ident, 1, length(:prefix)) = :prefix ORDER BY ident",
        {"prefix": storable(prefix)},
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


def _listed(row: tuple[Any, ...]) -> IndexedRecord:
    data, *rest = row
    return IndexedRecord(json.loads(data), *rest)


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
