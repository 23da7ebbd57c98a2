"""Feeds of the last changes: of all records, and of those of each country and organisation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from heapq import nlargest
from typing import TYPE_CHECKING

from healthcoop.export import feed
from healthcoop.site import addresses

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.entries import Entry
    from healthcoop.site.source import Source

_NEWEST = 100
"""The most entries of a feed."""


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the feed of all records and that of each party that has a page."""
    feeds = _Feeds(source)
    yield addresses.FEED, partial(feeds.content, addresses.FEED, addresses.HOME, source.entries)
    for code, entries in source.by_party.items():
        if page := source.page_of(code):
            path = addresses.feed(page)
            part = feed.Part(code=code, title=source.vocabulary.label(code))
            yield path, partial(feeds.content, path, page, entries, part)


@dataclass(frozen=True)
class _Feeds:
    """Writes feeds; a record is the same in each, and is written once."""

    source: "Source"

    def content(
        self, path: str, page: str, entries: "Sequence[Entry]", part: feed.Part | None = None
    ) -> bytes:
        """Return the feed of some records, which are on a page; ``part`` is None for that of all.

        The records that changed last are first, those of one day with the newest event first.
        """
        newest = self._newest(entries)
        published = feed.Published(
            address=addresses.absolute(self.source.settings.base_url, path),
            page=addresses.absolute(self.source.settings.base_url, page),
        )
        return "".join(
            feed.feed(
                self.source.extract,
                (self._written[ident] for ident in newest),
                day=self._changed[newest[0]] if newest else self.source.provenance.day,
                part=part,
                published=published if self.source.settings.base_url else None,
            )
        ).encode()

    def _newest(self, entries: "Sequence[Entry]") -> list[str]:
        ids = (entry.id for entry in entries)
        return nlargest(_NEWEST, ids, key=self._changed.__getitem__)

    @cached_property
    def _changed(self) -> Mapping[str, str]:
        """The ISO day of the last change of each record, by id."""
        source = self.source
        return {
            entry.id: history[0].day if history else source.extract.day(entry)
            for entry in source.entries
            for history in [source.history.get(source.record_files[entry.id].path)]
        }

    @cached_property
    def _written(self) -> Mapping[str, str]:
        """The entries of all feeds, by the ids of their records."""
        source = self.source
        of_feeds = (source.entries, *source.by_party.values())
        wanted = {ident for entries in of_feeds for ident in self._newest(entries)}
        written = {}
        for indexed in source.extract.records():
            ident = indexed.record.id
            if ident in wanted and source.has_page(indexed):
                base = source.settings.base_url
                page = addresses.absolute(base, addresses.record(ident)) if base else ""
                written[ident] = feed.entry(source.extract, indexed, self._changed[ident], page)
        return written
