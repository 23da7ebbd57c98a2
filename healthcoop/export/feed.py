"""Records as a feed: Atom (RFC 4287).

Entries are in the order of their events, the newest first. ``updated`` is about the record, not the
event: the day of the data set's last commit, at midnight UTC (``Extract.day``). The event's own
date, EDTF, stands in the entry's text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from healthcoop import __version__
from healthcoop.export.extract import Extract
from healthcoop.export.markup import tag, web_address, xml
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.record import Record, Source

NEWEST_FIRST = ("-date", "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The addresses of a feed and of the page that lists its records.

    A feed of an export is not published yet.
    """

    address: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The records of a feed that are not all of the data set: the code and the name of a party."""

    code: str
    title: str


def write_atom(extract: Extract) -> Iterator[str]:
    """Write an entry for each record, with links to its sources (``via``) and its text."""
    records = extract.records(NEWEST_FIRST)
    first = next(records, None)
    day = extract.day(first) if first else extract.provenance.day
    chained = chain([first] if first else [], records)
    return feed(
        extract, (entry(extract, indexed, extract.day(indexed)) for indexed in chained), day=day
    )


def feed(
    extract: Extract,
    entries: Iterable[str],
    *,
    day: str,
    part: Part | None = None,
    published: Published | None = None,
) -> Iterator[str]:
    """Write a feed of some records, which ``entry`` wrote; ``day`` is that of its last change."""
    yield from _head(extract, day, part)
    if published:
        yield f'  <link rel="self" type="application/atom+xml" href="{xml(published.address)}"/>\n'
        yield f'  <link rel="alternate" type="text/html" href="{xml(published.page)}"/>\n'
    yield from entries
    yield "</feed>\n"


def _head(extract: Extract, day: str, part: Part | None) -> Iterator[str]:
    data = extract.provenance.as_data()
    licences = [
        f"{one['collection']}: {one['licence']}, {one['attribution']}" for one in data["licences"]
    ]
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
    own = f"{part.title} · " if part else ""
    yield f"  <id>{extract.part_address(part.code) if part else extract.address}</id>\n"
    yield f"  <title>{xml(own + data['title'])}</title>\n"
    yield f"  <subtitle>{xml(data['citation'])} ({data['format']})</subtitle>\n"
    yield f"  <updated>{day or '1970-01-01'}T00:00:00Z</updated>\n"
    for author in extract.provenance.authors:
        yield f"  <author><name>{xml(author)}</name></author>\n"
    yield f"  <rights>{xml('; '.join([data['licence'], *licences]))}</rights>\n"
    yield f'  <generator version="{xml(__version__)}">healthcoop</generator>\n'


def entry(extract: Extract, indexed: IndexedRecord, changed: str, page: str = "") -> str:
    """Return the entry of a record, which changed on an ISO day; ``page`` is its page's address."""
    record, names = indexed.record, extract.vocabulary
    categories = [
        f'<category term="{xml(code)}" label="{xml(names.label_in(vocabulary, code))}"'
        f' scheme="{tag(vocabulary, "")}"/>'
        for vocabulary, codes in (("types", [record.type]), ("topics", record.topics))
        for code in codes
        if code
    ]
    parts = [
        f"<id>{tag('record', record.id)}</id>",
        f"<title>{xml(record.title or record.id)}</title>",
        f"<updated>{changed}T00:00:00Z</updated>",
        *_links(record, page),
        *categories,
        f'<content type="text">{xml(_text(record))}</content>',
    ]
    return "  <entry>\n" + "".join(f"    {part}\n" for part in parts) + "  </entry>\n"


def _text(record: Record) -> str:
    withdrawn = f"Withdrawn: {record.withdrawn.reason}." if record.withdrawn else ""
    date = f"{record.date}:" if record.date else ""
    return " ".join(filter(None, (withdrawn, date, record.summary)))


def _links(record: Record, page: str) -> Iterator[str]:
    """Yield the links: the page, else the text, else the first source; each source as ``via``."""
    text = web_address(record.text_url or "")
    first = next(filter(None, (web_address(source.url) for source in record.sources)), "")
    if alternate := page or text or first:
        yield f'<link rel="alternate" href="{xml(alternate)}"/>'
    if page and text:
        yield f'<link rel="related" href="{xml(text)}"/>'
    for source in record.sources:
        if address := web_address(source.url):
            yield f'<link rel="via" href="{xml(address)}"{_described(source)}/>'


def _described(source: Source) -> str:
    title = source.title or source.publisher
    named = f' title="{xml(title)}"' if title else ""
    return named + (f' hreflang="{xml(source.language)}"' if source.language else "")
