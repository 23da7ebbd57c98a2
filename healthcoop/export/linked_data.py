"""Records as linked data: JSON-LD 1.1 with a context of its own, so that nothing is fetched.

Each record is two nodes. The event itself is schema.org's Event or Legislation; dates that ISO 8601
cannot express are only in ``dcterms:date``, as EDTF. The record of it (``mainEntity``) is derived
from its sources in the sense of PROV-O, and a source's words are quotations from them.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from healthcoop.export.extract import Extract
from healthcoop.export.markup import tag, web_address
from healthcoop.model import dates
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.record import Link, Party, Person, Place, Record, Source
from healthcoop.model.vocabulary import Vocabulary

Node = dict[str, Any]

_SCHEMA = "http://schema.org/"
_TEXTS = """
name alternateName description text version keywords schemaVersion creditText creativeWorkStatus
legislationType temporalCoverage additionalType inLanguage jobTitle termCode propertyID value
addressLocality identifier
"""
_NODES = """
about mainEntity isPartOf hasPart mentions legislationPassedBy legislationJurisdiction
legislationChanges legislationApplies attendee organizer superEvent location address addressCountry
areaServed subOrganization publisher eventAttendanceMode
"""
_ADDRESSES = "url sameAs license archivedAt"
_DATES = "startDate endDate legislationDate datePublished dateModified"
_TYPES = """
Event Legislation CreativeWork Quotation Dataset Organization GovernmentOrganization Country Person
Place PostalAddress DefinedTerm PropertyValue
"""
CONTEXT: Mapping[str, Any] = {
    "@version": 1.1,
    "schema": _SCHEMA,
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    **{name: f"schema:{name}" for name in (*_TEXTS.split(), *_TYPES.split())},
    **{
        name: {"@id": f"schema:{name}", "@type": "@id"}
        for name in (*_NODES.split(), *_ADDRESSES.split())
    },
    **{name: {"@id": f"schema:{name}", "@type": "schema:Date"} for name in _DATES.split()},
    "Entity": "prov:Entity",
    "wasDerivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
    "wasQuotedFrom": {"@id": "prov:wasQuotedFrom", "@type": "@id"},
    "edtf": {"@id": "dcterms:date", "@type": "http://id.loc.gov/datatypes/edtf"},
    "citation": "dcterms:bibliographicCitation",
    "rights": "dcterms:rights",
    "relation": {"@id": "dcterms:relation", "@type": "@id"},
}
"""The terms: each is one of schema.org, PROV-O or Dublin Core, named as there (but ``edtf``)."""

_LINKS = {
    "amends": "legislationChanges",
    "renews": "legislationChanges",
    "supersedes": "legislationChanges",
    "terminates": "legislationChanges",
    "implements": "legislationApplies",
}
_ONLINE = f"{_SCHEMA}OnlineEventAttendanceMode"
_ISO = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_encode = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True)
class _Nodes:
    """The nodes of the records, and the codes that they refer to, by vocabulary."""

    names: Vocabulary
    used: dict[str, set[str]] = field(default_factory=dict)

    def reference(self, vocabulary: str, code: str) -> str:
        """Return the address of a country, topic ..., whose node is written at the end."""
        self.used.setdefault(vocabulary, set()).add(code)
        return tag(vocabulary, code)


def write_jsonld(extract: Extract) -> Iterator[str]:
    """Write one object: the context, the data set, each record, then the terms that they use."""
    nodes = _Nodes(extract.vocabulary)
    yield f'{{"@context": {_encode(CONTEXT)},\n"@graph": [\n{_encode(_data_set(extract))}'
    for indexed in extract.records():
        for node in _of_record(indexed, nodes):
            yield ",\n" + _encode(_filled(node))
    for node in _terms(nodes, extract):
        yield ",\n" + _encode(node)
    yield "\n]}\n"


def record_graph(indexed: IndexedRecord, extract: Extract) -> Node:
    """Return one record as ``write_jsonld`` writes all of them, with the terms that it uses."""
    nodes = _Nodes(extract.vocabulary)
    of_record = [*map(_filled, _of_record(indexed, nodes))]
    return {"@context": CONTEXT, "@graph": [*of_record, *_terms(nodes, extract)]}


def _terms(nodes: _Nodes, extract: Extract) -> Iterator[Node]:
    for vocabulary, code in sorted(
        (name, code) for name in nodes.used for code in nodes.used[name]
    ):
        yield _filled(_term(vocabulary, code, extract))


def _data_set(extract: Extract) -> Node:
    data = extract.provenance.as_data()
    return _filled(
        {
            "@id": extract.address,
            "@type": ["Dataset", "Entity"],
            "name": data["title"],
            "description": extract.provenance.abstract,
            "keywords": [*extract.provenance.keywords],
            "version": data["version"],
            "identifier": data["revision"],
            "dateModified": data["date"],
            "license": f"https://spdx.org/licenses/{data['licence']}" if data["licence"] else "",
            "citation": data["citation"],
            "schemaVersion": data["format"],
        }
    )


def _of_record(indexed: IndexedRecord, nodes: _Nodes) -> Iterator[Node]:
    """Yield the record's own node, and that of the event, unless a removed record has none."""
    record = indexed.record
    event = tag(indexed.kind, record.id) if indexed.kind else ""
    sources = [(_source(source), source.quote) for source in record.sources]
    yield {
        "@id": tag("record", record.id),
        "@type": ["CreativeWork", "Entity"],
        "mainEntity": event,
        "isPartOf": nodes.reference("collections", record.collection) if record.collection else "",
        "creativeWorkStatus": "withdrawn" if record.withdrawn else "",
        "wasDerivedFrom": [source for source, _ in sources],
        "hasPart": [
            _quotation(quote, source["@id"])
            for source, quote in sources
            if quote and "@id" in source
        ],
    }
    if event:
        describe = _instrument if indexed.kind == "instrument" else _encounter
        yield {"@id": event, **_common(record, nodes), **describe(record, nodes)}


def _common(record: Record, nodes: _Nodes) -> Node:
    return {
        "name": record.title,
        "description": record.summary,
        "edtf": record.date if dates.read(record.date) else "",
        "about": [nodes.reference("topics", code) for code in record.topics],
        "identifier": [
            {"@type": "PropertyValue", "propertyID": one.scheme, "value": one.value}
            for one in record.identifiers
        ],
        "relation": [
            tag("record", link.record)
            for link in record.links
            if link.record and link.rel not in {*_LINKS, "part-of"}
        ],
    }


def _instrument(record: Record, nodes: _Nodes) -> Node:
    title, terms = record.official_title, record.terms
    changes: dict[str, list[Node]] = {}
    for link in record.links:
        if link.rel in _LINKS:
            changes.setdefault(_LINKS[link.rel], []).append(_linked(link, "Legislation"))
    return {
        "@type": "Legislation",
        "alternateName": {"@value": title.text, **_language(title.language)} if title else "",
        "legislationType": nodes.names.label_in("types", record.type),
        "legislationDate": _iso(record.date),
        "legislationPassedBy": [_party(side, nodes) for side in record.sides],
        "legislationJurisdiction": [
            nodes.reference("countries", side.country) for side in record.sides if side.country
        ],
        "temporalCoverage": _interval(terms.period or "") if terms else "",
        "mentions": [
            *(_party(party, nodes) for party in record.parties if not party.is_side),
            *map(_person, record.people),
        ],
        "isPartOf": [
            _linked(link, "Legislation") for link in record.links if link.rel == "part-of"
        ],
        "url": web_address(record.text_url or ""),
        **changes,
    }


def _encounter(record: Record, nodes: _Nodes) -> Node:
    first, _, last = record.date.partition("/")
    return {
        "@type": "Event",
        "additionalType": nodes.names.label_in("types", record.type),
        "startDate": _iso(first),
        "endDate": _iso(last),
        "location": [_place(place, nodes) for place in record.places],
        "eventAttendanceMode": _ONLINE if record.online else "",
        "organizer": [_party(party, nodes) for party in record.parties if party.role == "host"],
        "attendee": [
            *(_party(party, nodes) for party in record.parties),
            *map(_person, record.people),
        ],
        "superEvent": [_linked(link, "Event") for link in record.links if link.rel == "part-of"],
    }


def _party(party: Party, nodes: _Nodes) -> Node | str:
    """Return a government, which is not its country, with what acted for it; an organisation."""
    bodies = [{"@type": "Organization", "name": body} for body in party.bodies]
    if party.organisation and not bodies:
        return nodes.reference("organisations", party.organisation)
    if party.organisation:
        name = nodes.names.label(party.organisation)
        return {"@type": "Organization", "name": name, "subOrganization": bodies}
    return {
        "@type": "GovernmentOrganization",
        "name": nodes.names.label(party.code),
        "areaServed": nodes.reference("countries", party.code) if party.code else "",
        "subOrganization": bodies,
    }


def _person(person: Person) -> Node:
    item = person.wikidata or ""
    known = f"http://www.wikidata.org/entity/{item}" if re.fullmatch("Q[0-9]+", item) else ""
    return {
        "@type": "Person",
        "name": person.name,
        "alternateName": person.native_name or "",
        "jobTitle": person.role or "",
        "sameAs": known,
    }


def _place(place: Place, nodes: _Nodes) -> Node:
    country = nodes.reference("countries", place.country) if place.country else ""
    address = {"addressLocality": place.city or "", "addressCountry": country}
    return {
        "@type": "Place",
        "name": place.venue or "",
        "address": {"@type": "PostalAddress", **address} if any(address.values()) else "",
    }


def _linked(link: Link, type_: str) -> Node:
    if link.record:
        kind = "instrument" if type_ == "Legislation" else "encounter"
        return {"@id": tag(kind, link.record), "@type": type_}
    more = {"edtf": link.date or "", "url": web_address(link.url or "")}
    return {"@type": type_, "name": link.title or "", **more}


def _source(source: Source) -> Node:
    address = web_address(source.url)
    publisher = {"@type": "Organization", "name": source.publisher} if source.publisher else ""
    return {
        **({"@id": address} if address else {}),
        "@type": ["CreativeWork", "Entity"],
        "name": source.title or "",
        "publisher": publisher,
        "datePublished": _iso(source.published or ""),
        "inLanguage": source.language or "",
        "archivedAt": web_address(source.archived or ""),
    }


def _quotation(quote: str, source: str) -> Node:
    return {"@type": ["Quotation", "Entity"], "text": quote, "wasQuotedFrom": source}


def _term(vocabulary: str, code: str, extract: Extract) -> Node:
    """Return the node of a country, an organisation, a topic or a collection."""
    names = extract.vocabulary
    term = names.terms(vocabulary).get(code)
    node: Node = {
        "@id": tag(vocabulary, code),
        "name": names.label_in(vocabulary, code),
        "description": term.definition if term else "",
    }
    if vocabulary == "collections":
        licences = {one.collection: one for one in extract.provenance.licences}
        licence = licences.get(code)
        rights = {"rights": licence.licence, "creditText": licence.attribution} if licence else {}
        return {**node, "@type": "Dataset", "isPartOf": extract.address, **rights}
    if vocabulary == "topics":
        return {**node, "@type": "DefinedTerm", "termCode": code}
    type_ = "Country" if vocabulary == "countries" else "Organization"
    return {**node, "@type": type_, "identifier": code}


def _language(tag_: str | None) -> dict[str, str]:
    return {"@language": tag_} if tag_ and re.fullmatch("[A-Za-z]+(-[A-Za-z0-9]+)*", tag_) else {}


def _iso(text: str) -> str:
    """Return a day, month or year as ISO 8601 has it; empty where it is marked or partly known."""
    return text if _ISO.fullmatch(text) and dates.read(text) else ""


def _interval(text: str) -> str:
    return text if "/" in text and all(map(_iso, text.split("/"))) else ""


def _filled(node: Mapping[str, Any]) -> Node:
    """Return a node without the properties that have no value, in those within it too."""
    return {name: _plain(value) for name, value in node.items() if value not in ("", [], None)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _filled(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
