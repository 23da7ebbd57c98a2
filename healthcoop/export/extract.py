"""What is exported: the records that match a query, and what describes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from healthcoop.export.provenance import Provenance
from healthcoop.index.records import select

if TYPE_CHECKING:
    from healthcoop.index.database import Index
    from healthcoop.index.query import Query
    from healthcoop.model.columns import IndexedRecord
    from healthcoop.model.vocabulary import Vocabulary


@dataclass(frozen=True)
class Extract:
    """The records of an index that match a query, by date and id, and their provenance."""

    index: "Index"
    query: "Query"
    provenance: Provenance

    @property
    def vocabulary(self) -> "Vocabulary":
        """The vocabularies that the records use."""
        return self.index.vocabulary

    def records(self) -> "Iterator[IndexedRecord]":
        """Yield the records, a batch at a time."""
        return select(self.index, self.query)
