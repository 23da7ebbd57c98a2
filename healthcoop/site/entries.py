"""Entry: a record as the lists of all pages show it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from healthcoop.model.dates import parse

if TYPE_CHECKING:
    from healthcoop.model.columns import IndexedRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record as lists show it; codes, not names.

    ``earliest`` and ``latest`` are the days that its date can mean, None where it is open; ``year``
    is the one it counts in, None without a date; ``status`` is that of an instrument today
    (``certain``, ``possible``, ``no``), None for an encounter. ``sides`` are the countries and
    organisations that statistics count, ``parties`` all of them.
    """

    id: str
    date: str
    earliest: str | None
    latest: str | None
    year: int | None
    type: str
    kind: str
    title: str
    countries: tuple[str, ...]
    organisations: tuple[str, ...]
    sides: frozenset[str]
    topics: tuple[str, ...]
    status: str | None
    lateral: str | None
    collection: str

    @property
    def parties(self) -> tuple[str, ...]:
        """The codes of all parties, countries first."""
        return (*self.countries, *self.organisations)

    def others(
        self, without: Collection[str] = (), most: int | None = None
    ) -> tuple[Sequence[str], int]:
        """Return the first parties but some, and how many more there are."""
        parties = self.parties
        shown = [*islice((code for code in parties if code not in without), most)]
        return shown, len(parties) - sum(code in parties for code in without) - len(shown)


def entry_of(indexed: "IndexedRecord") -> Entry:
    """Return the entry of a record whose status on a day is known."""
    record = indexed.record
    return Entry(
        id=record.id,
        date=record.date,
        earliest=indexed.earliest,
        latest=indexed.latest,
        year=parse(record.date).year if record.date else None,
        type=record.type,
        kind=indexed.kind,
        title=record.title,
        countries=record.countries,
        organisations=record.organisations,
        sides=frozenset(side.code for side in record.sides),
        topics=record.topics,
        status=indexed.status if indexed.kind == "instrument" else None,
        lateral=record.lateral,
        collection=record.collection,
    )
