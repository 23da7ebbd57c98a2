"""FIELDS: the one table behind columns, CSV, the documentation and the site."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from healthcoop.model.record import Record

Value = str | bool | list[str] | None


@dataclass(frozen=True)
class IndexedRecord:
    """A record as the index gives it: with its place in the tree and what is derived from it.

    ``data`` is the record's plain data; ``record`` is made of it when it is asked for, which the
    columns that ``list`` gives by default never do. ``status`` is None for an encounter, and where
    no day was asked for.
    """

    data: Mapping[str, Any]
    path: str
    kind: str
    status: str | None = None

    @cached_property
    def record(self) -> "Record":
        """The record itself."""
        from healthcoop.model.record import Record

        return Record.from_data(self.data)


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name in commands and files, its heading, what it holds, and its value."""

    name: str
    label: str
    doc: str
    value: Callable[[IndexedRecord], Value]


def _text(name: str) -> Callable[[IndexedRecord], Value]:
    return lambda listed: listed.data.get(name)


def _codes(name: str) -> Callable[[IndexedRecord], Value]:
    return lambda listed: [party[name] for party in listed.data.get("parties", ()) if name in party]


def _places(listed: IndexedRecord) -> list[str]:
    return [
        ", ".join(
            part for part in (place.get("city") or place.get("venue"), place.get("country")) if part
        )
        for place in listed.data.get("places", ())
    ]


def _people(listed: IndexedRecord) -> list[str]:
    return [person.name for person in listed.record.people]


def _bodies(listed: IndexedRecord) -> list[str]:
    return [body for party in listed.record.parties for body in party.bodies]


def _terms(name: str) -> Callable[[IndexedRecord], Value]:
    return lambda listed: getattr(listed.record.terms, name) if listed.record.terms else None


_ALL = (
    Field("id", "Id", "The record's id, also its file's name.", _text("id")),
    Field(
        "date",
        "Date",
        "When it was signed, adopted or took place, EDTF.",
        _text("date"),
    ),
    Field("type", "Type", "A code of types.yaml.", _text("type")),
    Field("kind", "Kind", "`instrument` or `encounter`, from the type.", lambda item: item.kind),
    Field("title", "Title", "What happened, in our own words.", _text("title")),
    Field(
        "countries",
        "Countries",
        "Codes of the countries among the parties, in the file's order.",
        _codes("country"),
    ),
    Field(
        "organisations",
        "Organisations",
        "Codes of the organisations among the parties, in the file's order.",
        _codes("organisation"),
    ),
    Field(
        "topics",
        "Topics",
        "Codes of topics.yaml, in the file's order.",
        lambda item: list(item.data.get("topics", ())),
    ),
    Field(
        "places",
        "Places",
        "City, or else venue, and country code: `Paris, FR`.",
        _places,
    ),
    Field(
        "path", "Path", "The record's file, below the root of the data set.", lambda item: item.path
    ),
    Field(
        "summary",
        "Summary",
        "What it was about, in our own words.",
        _text("summary"),
    ),
    Field("people", "People", "Names of the holders of office who took part.", _people),
    Field(
        "bodies", "Bodies", "Ministries, hospitals, embassies that acted, of all parties.", _bodies
    ),
    Field(
        "online",
        "Online",
        "Whether it took place by video, telephone or in writing.",
        lambda item: item.record.online,
    ),
    Field(
        "outcomes",
        "Outcomes",
        "What was promised, given or decided, in short phrases.",
        lambda item: list(item.record.outcomes),
    ),
    Field(
        "in_force",
        "In force",
        "When it entered into force, EDTF, or `unknown`.",
        _terms("in_force"),
    ),
    Field(
        "term", "Term", "How long it lasts, ISO 8601, or `indefinite` or `unknown`.", _terms("term")
    ),
    Field(
        "period",
        "Period",
        "The interval the instrument gives itself, EDTF, or `unknown`.",
        _terms("period"),
    ),
    Field("ended", "Ended", "When it ended, EDTF, or `none` or `unknown`.", _terms("ended")),
    Field(
        "status",
        "Status",
        "Whether it was in force: `certain`, `possible` or `no`; as a whole, on `--in-force-on` or"
        " else today.",
        lambda item: item.status,
    ),
    Field(
        "sources",
        "Sources",
        "Addresses of the sources, in the file's order.",
        lambda item: [source.url for source in item.record.sources],
    ),
    Field(
        "collection",
        "Collection",
        "How it was collected: a code of collections.yaml.",
        _text("collection"),
    ),
    Field("notes", "Notes", "What else a curator must know.", _text("notes")),
)
FIELDS: Mapping[str, Field] = {field.name: field for field in _ALL}
LISTED = (
    "id",
    "date",
    "type",
    "kind",
    "title",
    "countries",
    "organisations",
    "topics",
    "places",
    "path",
)
"""The columns that ``list`` gives unless others are asked for."""
