"""A record and its parts: frozen dataclasses, made from the plain data of one file and back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Data = Mapping[str, Any]

KEPT_WHEN_WITHDRAWN = frozenset({"id", "withdrawn", "links", "former_ids"})
"""The fields of a withdrawn record that still count: what it is, why it went, what leads where."""

T = TypeVar("T")


class ShapeError(ValueError):
    """Data that is not shaped like a record; ``pointer`` leads to the place."""

    def __init__(self, pointer: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.message = message


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event took place; ``country`` is a code."""

    city: str | None = None
    country: str | None = None
    venue: str | None = None

    def __str__(self) -> str:
        """Give ``"Paris, FR"``, or whichever half is known."""
        return ", ".join(part for part in (self.city or self.venue, self.country) if part)


@dataclass(frozen=True, slots=True)
class Party:
    """Who agreed or met: one country or one organisation, and the bodies that acted for it.

    ``signed`` ... ``left`` are the party's own dates (EDTF text or ``"unknown"``).
    """

    country: str | None = None
    organisation: str | None = None
    bodies: tuple[str, ...] = ()
    role: str | None = None
    signed: str | None = None
    ratified: str | None = None
    acceded: str | None = None
    in_force: str | None = None
    left: str | None = None
    extended_to: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The code of the country or organisation; empty when the file gives neither."""
        return self.country or self.organisation or ""


@dataclass(frozen=True, slots=True)
class Person:
    """A holder of office in an official act; ``party`` is the code of one of the parties."""

    name: str = ""
    native_name: str | None = None
    role: str | None = None
    party: str | None = None
    signed: bool = False
    wikidata: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """How long an instrument lasts, as it says itself; every value is text as in the file."""

    in_force: str | None = None
    term: str | None = None
    period: str | None = None
    renewal: str | None = None
    renewal_term: str | None = None
    notice: str | None = None
    ended: str | None = None
    end_reason: str | None = None
    checked: str | None = None


@dataclass(frozen=True, slots=True)
class OfficialTitle:
    """An instrument's own name, verbatim, and the language it is in (BCP 47)."""

    text: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number by which a register knows the event."""

    scheme: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A relation to another record (``record``), or to what the data set does not hold."""

    rel: str = ""
    record: str | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact can be read; ``supports`` names the facts, ``says`` where it disagrees."""

    url: str = ""
    kind: str | None = None
    publisher: str | None = None
    title: str | None = None
    published: str | None = None
    accessed: str | None = None
    archived: str | None = None
    language: str | None = None
    quote: str | None = None
    supports: tuple[str, ...] = ()
    says: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Why a record no longer counts, and which records stand for it."""

    date: str = ""
    reason: str = ""
    replaced_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One event in health cooperation, as its file says it."""

    id: str = ""
    type: str = ""
    title: str = ""
    official_title: OfficialTitle | None = None
    date: str = ""
    places: tuple[Place, ...] = ()
    online: bool = False
    parties: tuple[Party, ...] = ()
    people: tuple[Person, ...] = ()
    topics: tuple[str, ...] = ()
    summary: str = ""
    outcomes: tuple[str, ...] = ()
    terms: Terms | None = None
    text_url: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    links: tuple[Link, ...] = ()
    sources: tuple[Source, ...] = ()
    collection: str = ""
    former_ids: tuple[str, ...] = ()
    withdrawn: Withdrawal | None = None
    notes: str | None = None

    @property
    def countries(self) -> tuple[str, ...]:
        """The codes of the countries among the parties, in the file's order."""
        return tuple(party.country for party in self.parties if party.country)

    @property
    def organisations(self) -> tuple[str, ...]:
        """The codes of the organisations among the parties, in the file's order."""
        return tuple(party.organisation for party in self.parties if party.organisation)

    @classmethod
    def from_data(cls, data: Data) -> "Record":
        """Make a record of what the reader gave; absent keys take their defaults.

        Raises ShapeError where text, a list or a mapping stands in the place of another.
        """
        return _build(cls, data)

    def to_data(self) -> dict[str, Any]:
        """Give the plain data back, keys in canonical order, absent keys left out."""
        return _plain(self)


def _text(value: object) -> str:
    if type(value) is not str:
        raise ShapeError((), f"text is wanted here, not {describe(value)}")
    return value


def _flag(value: object) -> bool:
    if type(value) is not bool:
        raise ShapeError((), f"true or false is wanted here, not {describe(value)}")
    return value


def _items(value: object, read: Callable[[object], T]) -> tuple[T, ...]:
    if type(value) is not list:
        raise ShapeError((), f"a list is wanted here, not {describe(value)}")
    items: list[T] = []
    try:
        for item in value:
            items.append(read(item))  # noqa: PERF401 - its length tells which item was at fault
    except ShapeError as error:
        raise ShapeError((len(items), *error.pointer), error.message) from None
    return tuple(items)


def _texts(value: object) -> tuple[str, ...]:
    return _items(value, _text)


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    return tuple(_fields(value, {}, default=_text).items())


def _one(part: type[T]) -> Callable[[object], T]:
    return lambda value: _build(part, value)


def _many(part: type[T]) -> Callable[[object], tuple[T, ...]]:
    one = _one(part)
    return lambda value: _items(value, one)


_READERS: dict[type, dict[str, Callable[..., Any]]] = {
    Place: {},
    Party: {"bodies": _texts, "extended_to": _texts},
    Person: {"signed": _flag},
    Terms: {},
    OfficialTitle: {},
    Identifier: {},
    Link: {},
    Source: {"supports": _texts, "says": _pairs},
    Withdrawal: {"replaced_by": _texts},
    Record: {
        "official_title": _one(OfficialTitle),
        "places": _many(Place),
        "online": _flag,
        "parties": _many(Party),
        "people": _many(Person),
        "topics": _texts,
        "outcomes": _texts,
        "terms": _one(Terms),
        "identifiers": _many(Identifier),
        "links": _many(Link),
        "sources": _many(Source),
        "former_ids": _texts,
        "withdrawn": _one(Withdrawal),
    },
}
_READERS = {
    part: {name: readers.get(name, _text) for name in part.__slots__}  # type: ignore[attr-defined]
    for part, readers in _READERS.items()
}


def _build(part: type[T], data: object) -> T:
    return part(**_fields(data, _READERS[part]))


def _fields(
    data: object,
    readers: Mapping[str, Callable[[object], Any]],
    *,
    default: Callable[[object], Any] | None = None,
) -> dict[str, Any]:
    """Read the values of a mapping; the pointer of an error grows on its way out."""
    if type(data) is not dict:
        raise ShapeError((), f"a mapping is wanted here, not {describe(data)}")
    values: dict[str, Any] = {}
    key = ""
    try:
        for key, value in data.items():
            reader = readers.get(key, default)
            if reader is _text and type(value) is str:
                values[key] = value
            elif reader is not None:  # an unknown key is the schema's finding
                values[key] = reader(value)
    except ShapeError as error:
        raise ShapeError((key, *error.pointer), error.message) from None
    return values


def _plain(part: Any) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name in part.__slots__:
        value = getattr(part, name)
        if value is None or value == "" or value is False or value == ():
            continue
        if name == "says":
            data[name] = dict(value)
        elif isinstance(value, tuple):
            data[name] = [item if isinstance(item, str) else _plain(item) for item in value]
        elif isinstance(value, (str, bool)):
            data[name] = value
        else:
            data[name] = _plain(value)
    return data


def describe(value: object) -> str:
    """Name the shape of a value in words: ``text "x"``, ``a list``, ``a mapping`` ..."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"text “{value[:40]}”"
    return "a list" if isinstance(value, list) else "a mapping"
