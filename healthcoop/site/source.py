"""What every page of the site is made from: the index, the files, and how the site is built."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from healthcoop.errors import HealthcoopError
from healthcoop.export.extract import Extract
from healthcoop.export.markup import web_address
from healthcoop.index.query import Query
from healthcoop.index.records import select
from healthcoop.index.statistics import summary
from healthcoop.model.spec import FIELDS
from healthcoop.site import addresses
from healthcoop.site.entries import Entry, entry_of
from healthcoop.site.exports import Exports
from healthcoop.site.history import Revision, revisions
from healthcoop.site.party_figures import PartyFigures

if TYPE_CHECKING:
    from healthcoop.export.provenance import Provenance
    from healthcoop.files.tree import Tree
    from healthcoop.index.database import Index
    from healthcoop.model.columns import IndexedRecord
    from healthcoop.model.vocabulary import Vocabulary

_ID = FIELDS["id"]
_NO_PYODIDE = "none"
"""What stands for a copy of Pyodide where there is to be none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a site is built.

    ``base_url`` is where it will be published, ending in a slash; without it, pages have no
    canonical addresses and there is no sitemap. ``repository`` is the web address of the project's
    repository, without a slash at the end, and ``branch`` the one that is changed there; without
    it, nothing links to the host. ``pyodide`` is a copy of that package, None for the one of npm,
    or ``none``: the page “Propose a record” has no form then.
    """

    base_url: str = ""
    repository: str = ""
    branch: str = "main"
    pyodide: str | None = None

    @property
    def has_form(self) -> bool:
        """Whether the page “Propose a record” may have its form."""
        return self.pyodide != _NO_PYODIDE


def settings(
    base_url: str | None, repository: str | None, branch: str | None, pyodide: str | None = None
) -> Settings:
    """Return the settings of a build; raises HealthcoopError for what is not a web address."""
    for name, address in (("base URL", base_url), ("repository", repository)):
        if address and not is_base(address):
            raise HealthcoopError(
                f"the {name} is not an http or https address: {address}",
                hint="It has a host, and neither “?” nor “#”: https://example.org/records/",
            )
    return Settings(
        base_url=web_address(base_url).rstrip("/") + "/" if base_url else "",
        repository=web_address(repository or "").rstrip("/"),
        branch=branch or "main",
        pyodide=pyodide,
    )


def is_base(address: object) -> bool:
    """Return whether something is a web address to which paths can be appended."""
    if not isinstance(address, str) or not web_address(address) or re.search("[?#]", address):
        return False
    return bool(urlsplit(address).hostname)


class RecordFile(NamedTuple):
    """Where a record is, and the ids that it had before."""

    path: str
    former_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Source:
    """The data set that a site shows, on a day. Lists of entries have the newest event first."""

    index: "Index"
    files: "Tree"
    provenance: "Provenance"
    today: date
    settings: Settings
    note: Callable[[str], None] = field(compare=False, default=lambda _: None)

    @property
    def vocabulary(self) -> "Vocabulary":
        """The vocabularies that the records use."""
        return self.index.vocabulary

    @property
    def extract(self) -> "Extract":
        """All records, as an exporter takes them."""
        return Extract(self.index, Query(), self.provenance)

    @cached_property
    def exports(self) -> Exports:
        """The exports of all records."""
        return Exports(self.extract)

    @cached_property
    def record_files(self) -> Mapping[str, RecordFile]:
        """The records that have a page, by id: withdrawn ones too, not those with an invalid id.

        Of two files with one id, that whose path comes first.
        """
        found: dict[str, RecordFile] = {}
        for indexed in select(self.index, Query(withdrawn="include"), sort=["path"]):
            ident: str = indexed.data["id"]
            if _is_id(ident):
                former = tuple(name for name in indexed.data.get("former_ids", ()) if _is_id(name))
                found.setdefault(ident, RecordFile(indexed.path, former))
        return found

    @cached_property
    def totals(self) -> Mapping[str, Any]:
        """The totals of all records, with the keys of ``summary -f json``."""
        return summary(self.index, Query(), day=self.today)

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """Every record that has a page and is not withdrawn."""
        newest = ("-date", "id")
        return [
            entry_of(indexed)
            for indexed in select(self.index, Query(), sort=newest, day=self.today)
            if self.has_page(indexed)
        ]

    @cached_property
    def history(self) -> Mapping[str, Sequence[Revision]]:
        """The git revisions of each record, by the path of its file, the latest first."""
        return revisions(self.index.root)

    @cached_property
    def by_id(self) -> Mapping[str, Entry]:
        """The entries by id."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def by_party(self) -> Mapping[str, Sequence[Entry]]:
        """The entries of each country and organisation, observers and depositaries too, by code."""
        return self._grouped(lambda entry: entry.parties)

    @cached_property
    def by_topic(self) -> Mapping[str, Sequence[Entry]]:
        """The entries of each topic, by code."""
        return self._grouped(lambda entry: entry.topics)

    @cached_property
    def by_year(self) -> Mapping[int, Sequence[Entry]]:
        """The entries of each year in which there are any; the latest year first."""
        grouped: defaultdict[int, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.year is not None:
                grouped[entry.year].append(entry)
        return dict(sorted(grouped.items(), reverse=True))

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs of countries with a page, sorted codes: the two sides of a bilateral record."""
        countries = self.vocabulary.countries
        return frozenset(
            pair
            for entry in self.entries
            if entry.lateral == "bilateral"
            for pair in combinations(sorted(code for code in entry.sides if code in countries), 2)
        )

    @cached_property
    def figures(self) -> PartyFigures:
        """The figures of countries, organisations and pairs."""
        return PartyFigures(
            index=self.index,
            today=self.today,
            entries=self.entries,
            by_party=self.by_party,
            has_page=self.has_page,
        )

    def citation(self, part: str, path: str) -> str:
        """Return the citation in words of a part of the data set, which has a page."""
        text = f"{part}. In: {self.provenance.citation}"
        return f"{text} {self.settings.base_url}{path}" if self.settings.base_url else text

    def page_of(self, code: str) -> str | None:
        """Return the path of a country's or organisation's page; None for one without a record."""
        if code not in self.by_party:
            return None
        if code in self.vocabulary.countries:
            return addresses.country(code)
        return addresses.organisation(code) if code in self.vocabulary.organisations else None

    def has_page(self, indexed: "IndexedRecord") -> bool:
        """Return whether a record is the one of its id that has a page."""
        file = self.record_files.get(indexed.data["id"])
        return file is not None and file.path == indexed.path

    def _grouped(self, codes: Callable[[Entry], Sequence[str]]) -> dict[str, Sequence[Entry]]:
        grouped: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            for code in dict.fromkeys(codes(entry)):
                grouped[code].append(entry)
        return dict(sorted(grouped.items()))


def _is_id(text: str) -> bool:
    return len(text) <= (_ID.most or 0) and re.fullmatch(_ID.pattern, text) is not None
