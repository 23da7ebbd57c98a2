"""The page of each record, and its files: YAML, JSON, BibTeX, JSON-LD; redirects of former ids."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import combinations
from typing import TYPE_CHECKING, Any

from healthcoop.export import citations, document
from healthcoop.export.facts import party_notes, supporting, terms_in_words
from healthcoop.export.linked_data import record_graph
from healthcoop.index.details import details
from healthcoop.site import addresses, hosts, rendering

if TYPE_CHECKING:
    from healthcoop.index.details import RecordDetails
    from healthcoop.model.columns import IndexedRecord
    from healthcoop.model.record import Record
    from healthcoop.site import Content
    from healthcoop.site.history import Revision
    from healthcoop.site.source import Source

    _Read = Callable[[], RecordDetails]

_RELATIONS: Mapping[str, tuple[str, str]] = {
    "signed-at": ("Signed at", "Signed there"),
    "part-of": ("Part of", "Has part"),
    "implements": ("Carries out", "Carried out by"),
    "amends": ("Changes", "Changed by"),
    "renews": ("Prolongs", "Prolonged by"),
    "supersedes": ("Replaces", "Replaced by"),
    "terminates": ("Ends", "Ended by"),
    "follows-up": ("Follows up", "Followed up by"),
    "related": ("Related to", "Related to"),
}
"""How a relation reads on the page of the record that states it, and on the other's."""


_MANY_PARTIES = 12
"""More parties than these are listed in columns."""


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield five files for each record, withdrawn ones too, and a page for each former id."""
    # The files of a record are usually made one after another.
    read = lru_cache(maxsize=1)(partial(details, source.index, day=source.today))
    graph = lru_cache(maxsize=1)(lambda ident: record_graph(read(ident).indexed, source.extract))
    redirects: set[str] = set()
    for ident, file in source.record_files.items():
        of_record, of_graph = partial(read, ident), partial(graph, ident)
        found = source.history.get(file.path, ())
        yield addresses.record(ident), partial(_page, source, of_record, of_graph, found)
        yield addresses.record(ident, "yaml"), partial(source.files.__getitem__, file.path)
        yield addresses.record(ident, "json"), partial(_json, of_record)
        yield addresses.record(ident, "bib"), partial(_bibtex, source, of_record)
        yield addresses.record(ident, "jsonld"), partial(_linked_data, of_graph)
        for former in file.former_ids:
            if former not in source.record_files and former not in redirects:
                redirects.add(former)
                yield addresses.record(former), partial(_moved, source, former, ident)


def _page(
    source: "Source",
    read: "_Read",
    graph: "Callable[[], Mapping[str, Any]]",
    history: "Sequence[Revision]",
) -> bytes:
    found = read()
    record, path = found.record, addresses.record(found.record.id)
    return rendering.page(
        source,
        path,
        "record.html",
        title=record.title or record.id,
        description=record.summary,
        data=addresses.record(record.id, "json"),
        record=record,
        indexed=found.indexed,
        kind=found.indexed.kind,
        status=found.status,
        supporting=partial(supporting, record),
        notes_of=lambda party: tuple(party_notes(party, source.vocabulary)),
        terms=terms_in_words(record.terms) if record.terms else "",
        pairs=[pair for pair in _pairs(record) if pair in source.pairs],
        links=[
            {
                "words": _relation(link.rel)[0],
                "target": link.target,
                "title": link.title,
                "known": link.target in source.record_files,
            }
            for link in found.links
        ],
        linked_from=[
            {"words": _relation(link.rel)[1], "id": link.id, "title": link.title}
            for link in found.linked_from
            if link.id in source.record_files
        ],
        citation=_citation(source, record),
        many=_MANY_PARTIES,
        linked=rendering.script_data(_embedded(source, found.indexed) or graph()),
        edit_url=hosts.edit_address(
            source.settings.repository, source.settings.branch, found.indexed.path
        ),
        revisions=history,
    )


def _relation(rel: str) -> tuple[str, str]:
    return _RELATIONS.get(rel, (rel, rel))


def _pairs(record: "Record") -> list[tuple[str, str]]:
    if record.lateral != "bilateral":
        return []
    return [*combinations(sorted({side.country for side in record.sides if side.country}), 2)]


def _citation(source: "Source", record: "Record") -> str:
    title = record.title and f"“{record.title}”, "
    return source.citation(f"{title}record {record.id}", addresses.record(record.id))


def _json(read: "_Read") -> bytes:
    return rendering.data_file(document.as_data(read()))


def _linked_data(graph: "Callable[[], Mapping[str, Any]]") -> bytes:
    return rendering.data_file(graph())


def _embedded(source: "Source", indexed: "IndexedRecord") -> Mapping[str, Any] | None:
    """Return linked data without the parties, which the page lists; None where they are few."""
    if len(indexed.record.parties) <= _MANY_PARTIES:
        return None
    return record_graph(replace(indexed, data={**indexed.data, "parties": []}), source.extract)


def _bibtex(source: "Source", read: "_Read") -> bytes:
    found = read()
    text = citations.bibtex(found.record, found.indexed.kind, source.vocabulary)
    return text.encode("utf-8", "backslashreplace")


def _moved(source: "Source", former: str, ident: str) -> bytes:
    context: dict[str, Any] = {"ident": ident}
    return rendering.page(
        source,
        addresses.record(former),
        "moved.html",
        title=f"{former} is now {ident}",
        description="This record has a new address.",
        **context,
    )
