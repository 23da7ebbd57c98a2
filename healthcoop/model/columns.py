"""The columns of a list of records: on the command line, in CSV, in frames, in the documentation.

A field of a record is a column by the flag ``column`` of its entry in ``model/record.py``; here are
those that are derived from several fields, or from the place of the record's file.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from healthcoop.model.field import Field
    from healthcoop.model.record import Record

Value = str | bool | int | list[str] | None


@dataclass(frozen=True)
class IndexedRecord:
    """A record as the index returns it, with its path and what is derived from it.

    ``data`` is the record's plain data; ``record`` is made of it when first used. ``earliest`` and
    ``latest`` are the days that its date can mean, None where it is open. ``status`` is None for an
    encounter, and where the query has no day.
    """

    data: Mapping[str, Any]
    path: str
    kind: str
    earliest: str | None = None
    latest: str | None = None
    status: str | None = None

    @cached_property
    def record(self) -> "Record":
        """The record itself."""
        from healthcoop.model.record import Record

        return Record.from_data(self.data)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, the kind of its value, the value, and its content in words."""

    name: str
    kind: Literal["text", "list", "flag", "day", "integer"]
    value: Callable[[IndexedRecord], Value]
    doc: str

    @property
    def label(self) -> str:
        """The heading of the column."""
        return self.name.replace("_", " ").capitalize()


def _text(name: str, doc: str) -> Column:
    return Column(name, "text", lambda listed: listed.data.get(name), doc)


def _attribute(name: str, doc: str, kind: Literal["text", "day"] = "text") -> Column:
    return Column(name, kind, lambda listed: getattr(listed, name), doc)


def _of_each(name: str, part: str, key: str, doc: str) -> Column:
    """Return a column that lists one field of each item of a list of parts."""
    return Column(
        name,
        "list",
        lambda listed: [item[key] for item in listed.data.get(part, ()) if key in item],
        doc,
    )


def _place(place: Mapping[str, str]) -> str:
    return ", ".join(filter(None, (place.get("city") or place.get("venue"), place.get("country"))))


_DEFAULT = (
    _text("id", "The record's id, also its file's name."),
    _text("date", "When it was signed, adopted or took place, EDTF."),
    _attribute("earliest", "The first day that the date can mean; empty where it is open.", "day"),
    _attribute("latest", "The last day that the date can mean; empty where it is open.", "day"),
    _text("type", "A code of types.yaml."),
    _attribute("kind", "`instrument` or `encounter`, from the type."),
    _text("title", "What happened, in our own words."),
    _of_each(
        *("countries", "parties", "country"),
        "Codes of the countries among the parties, in the file's order.",
    ),
    _of_each(
        *("organisations", "parties", "organisation"),
        "Codes of the organisations among the parties, in the file's order.",
    ),
    Column(
        *("topics", "list"),
        lambda listed: list(listed.data.get("topics", ())),
        "Codes of topics.yaml, in the file's order.",
    ),
    Column(
        *("places", "list"),
        lambda listed: [_place(place) for place in listed.data.get("places", ())],
        "City, or else venue, and country code: `Paris, FR`.",
    ),
    _attribute("path", "The record's file, below the root of the data set."),
)
LISTED = tuple(column.name for column in _DEFAULT)
"""The columns of ``list`` without ``--columns``."""


def _year(listed: IndexedRecord) -> int | None:
    from healthcoop.model.dates import parse

    return parse(listed.record.date).year if listed.record.date else None


_DERIVED = (
    Column(
        *("sides", "list"),
        lambda listed: [side.code for side in listed.record.sides],
        "Codes of the parties but observers and depositaries: those that statistics count.",
    ),
    Column(
        *("observers", "list"),
        lambda listed: [party.code for party in listed.record.parties if not party.is_side],
        "Codes of the parties that are no sides: observers and depositaries.",
    ),
    Column("year", "integer", _year, "The year it counts in: of the first day, else of the last."),
    Column(
        *("lateral", "text"),
        lambda listed: listed.record.lateral,
        "`bilateral` (two countries are sides), `multilateral` (more) or `organisation` (fewer,"
        " beside one).",
    ),
    _of_each(*("people", "people", "name"), "Names of the holders of office who took part."),
    Column(
        *("bodies", "list"),
        lambda listed: [
            body for party in listed.data.get("parties", ()) for body in party.get("bodies", ())
        ],
        "Ministries, hospitals, embassies that acted, of all parties.",
    ),
    _attribute(
        "status",
        "Whether it was in force: `certain`, `possible` or `no`; on `--in-force-on`, for the"
        " parties of `--country` and `--pair`, or else today and as a whole.",
    ),
    Column(
        *("funding", "list"),
        lambda listed: [str(money) for money in listed.record.funding],
        "Money that a source states: `1500000 USD from JP (grant): over five years`.",
    ),
    _of_each("sources", "sources", "url", "Addresses of the sources, in the file's order."),
)
_ORDER = (
    *("year", "lateral", "sides", "observers"),
    *("summary", "people", "bodies", "online", "outcomes", "in_force", "provisional", "term"),
    *("period", "renewal", "renewal_term", "notice", "ended", "end_reason", "checked", "status"),
    *("extended_to", "funding", "sources", "collection", "notes"),
)
"""The order of the other columns; one that is not named here comes after them."""


@cache
def columns() -> Mapping[str, Column]:
    """Return every column by its name. Loads the table of fields; see ``select``."""
    from healthcoop.model.spec import COLUMNS, FIELDS

    others = {column.name: column for column in _DERIVED}
    for path in COLUMNS:
        in_list = FIELDS[path.partition(".")[0]].kind == "list"
        column = _of_field(FIELDS[path], in_list=in_list)
        others[column.name] = column
    names = dict.fromkeys((*_ORDER, *others))
    return {column.name: column for column in (*_DEFAULT, *(others[name] for name in names))}


def select(names: tuple[str, ...]) -> Mapping[str, Column]:
    """Return columns by their names; without the table of fields where these are the default."""
    known = {column.name: column for column in _DEFAULT}
    return {name: (known if name in known else columns())[name] for name in names}


def _of_field(field: "Field", *, in_list: bool) -> Column:
    """Return the column of a field; of all items, where it is a field ``in_list``."""
    path = field.path.split(".")
    if in_list:
        return Column(field.name, "list", lambda item: list(_values(item.data, path)), field.doc)
    if field.kind == "flag":
        return Column(field.name, "flag", lambda item: any(_values(item.data, path)), field.doc)
    return Column(field.name, "text", lambda item: next(_values(item.data, path), None), field.doc)


def _values(data: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(data, list):
        for item in data:
            yield from _values(item, path)
    elif not path:
        yield data
    elif path[0] in data:
        yield from _values(data[path[0]], path[1:])
