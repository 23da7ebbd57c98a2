"""What is exported: the records that match a query, and what describes them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from healthcoop.export.markup import tag
from healthcoop.export.provenance import Provenance
from healthcoop.files.visible import counted
from healthcoop.index.records import select

if TYPE_CHECKING:
    from healthcoop.index.database import Index
    from healthcoop.index.query import Query
    from healthcoop.model.columns import IndexedRecord
    from healthcoop.model.vocabulary import Vocabulary


class Dated(Protocol):
    """What has the first and last day of a record's date, ISO, as an IndexedRecord has."""

    @property
    def earliest(self) -> str | None:
        """The first day; None where it is open."""

    @property
    def latest(self) -> str | None:
        """The last day; None where it is open."""


@dataclass(frozen=True)
class Extract:
    """The records of an index that match a query, and their provenance.

    An exporter notes here what its format cannot hold; ``notes`` are read when it is done.
    """

    index: "Index"
    query: "Query"
    provenance: Provenance
    _noted: Counter[str] = field(default_factory=Counter, init=False, compare=False)

    @property
    def vocabulary(self) -> "Vocabulary":
        """The vocabularies that the records use."""
        return self.index.vocabulary

    def records(self, sort: Sequence[str] = ("date", "id")) -> "Iterator[IndexedRecord]":
        """Yield the records, a batch at a time; ``sort`` as in ``select``."""
        return select(self.index, self.query, sort=sort)

    def note(self, what: str, number: int = 1) -> None:
        """Add a number of records to those of which this is said: ``left out: not in a place``."""
        self._noted[what] += number

    @property
    def notes(self) -> list[str]:
        """What was noted, each with its number of records: ``3 records left out: ...``."""
        return [f"{counted(number, 'record')} {what}" for what, number in self._noted.items()]

    @property
    def address(self) -> str:
        """The tag URI of the data set."""
        return tag("data-set", self.provenance.title)

    def part_address(self, code: str) -> str:
        """Return the tag URI of the data set's records of a party."""
        return tag("data-set", f"{self.provenance.title}/{code}")

    def day(self, indexed: "Dated") -> str:
        """Return the ISO day that formats with a required timestamp state for a record.

        The clock would change an export from run to run. It is the day of the data set's last
        commit, else the first or last day of the record's own date, else that of the epoch.
        """
        return self.provenance.day or indexed.earliest or indexed.latest or "1970-01-01"
