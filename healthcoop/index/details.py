"""One record for its page: its status on a day, and its links in both directions."""

from dataclasses import dataclass
from datetime import date

from healthcoop.errors import NotFound
from healthcoop.index.database import Index, retry_after_damage
from healthcoop.index.link_effects import bounds_of
from healthcoop.index.records import get, order_by
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.record import Link, Record
from healthcoop.model.status import Status, in_force

_NO_RECORD = "no such record"


@dataclass(frozen=True, slots=True)
class Backlink:
    """A link from another record to this one: its relation, and the other record's facts."""

    rel: str
    id: str
    date: str
    type: str
    title: str


@dataclass(frozen=True, slots=True)
class OutgoingLink:
    """A link of a record: its relation, an id, address or date, and the title of the target."""

    rel: str
    target: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDetails:
    """A record, its status on a day (None for an encounter), and its links in both directions."""

    indexed: IndexedRecord
    status: Status | None
    links: tuple[OutgoingLink, ...]
    linked_from: tuple[Backlink, ...]

    @property
    def record(self) -> Record:
        """The record itself."""
        return self.indexed.record


def details(index: Index, name: str, *, day: date) -> RecordDetails:
    """Return the details of the record that ``name`` identifies; raises NotFound as ``get``."""
    indexed = get(index, name)
    return RecordDetails(
        indexed=indexed,
        status=status_on(index, indexed, day),
        links=tuple(_outgoing(index, link) for link in indexed.record.links),
        linked_from=tuple(links_to(index, indexed.record.id)),
    )


def status_on(index: Index, indexed: IndexedRecord, day: date) -> Status | None:
    """Return an instrument's status on a day, links considered; None for an encounter."""
    if indexed.kind != "instrument":
        return None
    return in_force(indexed.record, day, links=bounds_of(index, indexed.path))


@retry_after_damage
def links_to(index: Index, ident: str) -> list[Backlink]:
    """Return other records' links to the current or a former id of this one; by relation, date."""
    rows = index.connection.execute(
        "SELECT link.rel, record.ident, record.date, record.type, record.title"
        " FROM link JOIN record ON record.id = link.record"
        " JOIN file ON file.id = record.id"
        " WHERE NOT record.withdrawn AND record.ident <> :ident AND link.target IN ("
        "  SELECT :ident UNION ALL"
        "  SELECT former.ident FROM former JOIN record ON record.id = former.record"
        "  WHERE record.ident = :ident)"
        f" ORDER BY link.rel, {order_by(['date'])}",
        {"ident": ident},
    )
    return [Backlink(*row) for row in rows.fetchall()]


def _outgoing(index: Index, link: Link) -> OutgoingLink:
    if link.record:
        return OutgoingLink(link.rel, link.record, _title(index, link.record))
    return OutgoingLink(link.rel, link.url or link.date or "", link.title or "")


def _title(index: Index, ident: str) -> str:
    try:
        record = get(index, ident).record
    except NotFound:
        return _NO_RECORD
    # Unlike a name on the command line, the target of a link is never abbreviated.
    return record.title if ident in (record.id, *record.former_ids) else _NO_RECORD
