"""Records proposed from an article: plain data, the words behind each value, and the gaps."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.english_offices import english_office
from healthcoop.contribute.draft.people import FoundPerson
from healthcoop.contribute.draft.quotes import quote
from healthcoop.contribute.draft.reading import Draft, Reading
from healthcoop.contribute.draft.source_kinds import source_kind
from healthcoop.contribute.draft.titles import draft_title
from healthcoop.contribute.form.titles import with_article
from healthcoop.contribute.record_ids import propose_id
from healthcoop.model.vocabulary import Vocabulary

# “Health ministers of Peru and Chile”: each is that of a country.
_SHARED_ROLE = re.compile(r"(.*minister)s of .+ and .+", re.IGNORECASE)

_OCCASIONS = frozenset({"conference", "visit"})
"""Encounters of which others may be a part."""

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")

_GAPS = {
    "id": "needs the date",
    "type": "what it was (healthcoop vocab types)",
    "date": "no day is given: state it, or when the page was published (--published)",
    "parties": "the countries and organisations, two or more",
    "title": "10 to 160 characters in your own words",
    "summary": "20 to 1,000 characters in your own words",
    "topics": "what it was about (healthcoop vocab topics)",
    "sources.url": "the page's address (--url)",
    "sources.kind": "official, agency, press, database or copy",
    "sources.publisher": "who publishes the page (--publisher)",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A value of a proposed record and the words that it was read from.

    ``field`` names it as ``supports`` of a source does: ``date``, ``parties.AZ``, ``people.2``.
    """

    field: str
    value: str
    offset: int
    snippet: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A field that a record needs and the article does not give."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed record: its plain data, evidence for its values, and what is left to fill in."""

    data: Mapping[str, Any]
    evidence: tuple[Evidence, ...]
    gaps: tuple[Gap, ...]
    confidence: float


def propose(
    reading: Reading,
    vocabulary: Vocabulary,
    *,
    collection: str,
    today: date,
    taken: Collection[str],
) -> list[Proposal]:
    """Return a record for each event of an article, in their order, linked to each other.

    ``taken`` are the ids that a new record cannot have.
    """
    proposals: list[Proposal] = []
    used = set(taken)
    for draft in reading.drafts:
        data = _data(reading.article, draft, vocabulary, today=today)
        data["collection"] = collection
        if "date" in data:
            ident = propose_id(data, vocabulary, used)
            used.add(ident)
            data = {"id": ident, **data}
        evidence = tuple(_evidence(reading.article, draft, data))
        lacking = (
            *gaps(data),
            *_foreign_roles(reading.article, draft, vocabulary),
            *_open_terms(reading.article, draft),
        )
        proposals.append(Proposal(data, evidence, lacking, draft.event.confidence))
    return [_linked(each, proposals, vocabulary) for each in proposals]


def _data(article: Article, draft: Draft, vocabulary: Vocabulary, *, today: date) -> dict[str, Any]:
    """Return the plain data of a record without id and collection."""
    data: dict[str, Any] = {"type": draft.event.type}
    if draft.date:
        data["date"] = draft.date.edtf
    elif _DAY.fullmatch(article.published):  # “recently”: that day or earlier
        data["date"] = f"[..{article.published}]"
    if draft.place and draft.event.type != "call":
        city = draft.place.city or " ".join(article.words(draft.place.span).split())
        data["places"] = [{"city": city.title() if city.isupper() else city}]
        data["places"][0]["country"] = draft.place.code
    if draft.event.type == "call":
        data["online"] = True
    data["parties"] = [_party(article, draft, code, vocabulary) for code in draft.event.codes]
    people = [_person(article, each, draft, vocabulary) for each in draft.people]
    if people:
        data["people"] = people
    if draft.topics:
        data["topics"] = [topic.code for topic in draft.topics]
    if plain := {each.field: each.value for each in draft.terms if each.value}:
        data["terms"] = plain
    data["sources"] = [_source(article, draft, data, today=today)]
    if title := draft_title(data, vocabulary):
        data["title"] = title
    return data


def _party(article: Article, draft: Draft, code: str, vocabulary: Vocabulary) -> dict[str, Any]:
    party: dict[str, Any] = {"country" if code in vocabulary.countries else "organisation": code}
    if bodies := [article.words(span) for span in draft.bodies[code]]:
        party["bodies"] = bodies
    if draft.host and draft.host.code == code and draft.event.kind == "encounter":
        party["role"] = "host"
    return party


def _person(
    article: Article, each: FoundPerson, draft: Draft, vocabulary: Vocabulary
) -> dict[str, Any]:
    person: dict[str, Any] = {"name": each.name}
    if each.role:
        shared = _SHARED_ROLE.fullmatch(each.role)
        own = f"{shared[1]} of {with_article(vocabulary.label(each.party or ''))}" if shared else ""
        person["role"] = _in_english(article, each, vocabulary) or own or each.role
    person["party"] = each.party
    if each.signed and draft.event.kind == "instrument":
        person["signed"] = True
    return person


def _in_english(article: Article, each: FoundPerson, vocabulary: Vocabulary) -> str:
    return english_office(
        each.office,
        each.office_codes,
        party=each.party or "",
        language=article.language,
        vocabulary=vocabulary,
    )


def _foreign_roles(article: Article, draft: Draft, vocabulary: Vocabulary) -> Iterator[Gap]:
    """Yield the offices that stand in a record as in the article, which is not in English."""
    for number, each in enumerate(draft.people, 1):
        if article.language == "en" or not each.role or _in_english(article, each, vocabulary):
            continue
        yield Gap(f"people.{number}.role", "the office in English")


def _open_terms(article: Article, draft: Draft) -> Iterator[Gap]:
    """Yield what the article says of a text's term and renewal, where a person has to read it."""
    for each in draft.terms:
        if not each.value:
            yield Gap(f"terms.{each.field}", f"the article says “{article.words(each.span)}”")


def _source(
    article: Article, draft: Draft, data: Mapping[str, Any], *, today: date
) -> dict[str, Any]:
    source: dict[str, Any] = {}
    if article.url:
        source["url"] = article.url
        if kind := source_kind(article.url):
            source["kind"] = kind
    if article.publisher:
        source["publisher"] = article.publisher
    if article.title:
        source["title"] = article.title
    if article.published:
        source["published"] = article.published
    source["accessed"] = today.isoformat()
    source["language"] = article.language
    proof, clause = draft.event.trigger, draft.event.clause
    named = not clause or proof.start <= clause.start < proof.end  # else those of another text
    source["quote"] = quote(article, proof if named or not clause else clause)
    stated = draft.date and draft.date.basis != "published"
    source["supports"] = [
        *(["date"] if stated else ()),
        "type",
        "parties",
        *(["people"] if "people" in data else ()),
        *(f"terms.{name}" for name in data.get("terms", ())),
    ]
    return source


def _evidence(article: Article, draft: Draft, data: Mapping[str, Any]) -> Iterator[Evidence]:
    """Yield the words behind each value of a draft."""

    def words(field: str, value: str, span: Span, confidence: float) -> Evidence:
        snippet = article.words(span)
        return Evidence(field, value, span.start, snippet, round(confidence, 2))

    event = draft.event
    yield words("type", event.type, event.trigger, event.confidence)
    if draft.date:
        yield words("date", draft.date.edtf, draft.date.span, draft.date.confidence)
    if draft.place and event.type != "call":
        place = draft.place.city or article.words(draft.place.span)
        yield words("places", f"{place}, {draft.place.code}", draft.place.span, 0.7)
    for side in event.sides:
        yield words(f"parties.{side.code}", side.code, side.span, side.confidence)
        for span in draft.bodies[side.code]:
            yield words(f"parties.{side.code}.bodies", article.words(span), span, 0.7)
    if draft.host and draft.event.kind == "encounter":
        host = draft.host
        yield words(f"parties.{host.code}.role", "host", host.span, host.confidence)
    for number, person in enumerate(draft.people, 1):
        yield words(f"people.{number}", person.name, person.span, person.confidence)
        if person.role_span:
            field = f"people.{number}.role"
            role = data["people"][number - 1]["role"]
            yield words(field, role, person.role_span, person.confidence)
    for term in draft.terms:
        if term.value:
            yield words(f"terms.{term.field}", term.value, term.span, 0.7)
    for topic in draft.topics:
        for span in topic.spans[:1]:
            yield words("topics", topic.code, span, topic.confidence)


def gaps(data: Mapping[str, Any]) -> Iterator[Gap]:
    """Yield what a record needs and this one lacks, as ``_GAPS`` names it."""
    for name, reason in _GAPS.items():
        part = next(iter(data.get("sources", ())), {}) if name.startswith("sources.") else data
        if name.rpartition(".")[2] not in part:
            yield Gap(name, reason)
    for number, person in enumerate(data.get("people", ()), 1):
        if not re.search("[A-Za-zÀ-ɏ]", person["name"]):
            yield Gap(f"people.{number}.name", "in Latin letters; this is its native_name")


def _linked(proposal: Proposal, proposals: Sequence[Proposal], vocabulary: Vocabulary) -> Proposal:
    """Return a draft with a link to the encounter at which it was signed, or of which it was part.

    That is the one other encounter of its sides on the same day: a conference or a visit for what
    is part of it.
    """
    data = proposal.data
    signed = vocabulary.kind(data["type"]) == "instrument"
    within = _OCCASIONS if not signed else {*vocabulary.types}
    if "date" not in data or (not signed and data["type"] in _OCCASIONS):
        return proposal
    occasions = [
        other.data["id"]
        for other in proposals
        if vocabulary.kind(other.data["type"]) == "encounter"
        and other.data["type"] in within
        and other.data.get("date") == data["date"]
        and _codes(other.data) >= _codes(data)
    ]
    if len(occasions) != 1:
        return proposal
    link = {"rel": "signed-at" if signed else "part-of", "record": occasions[0]}
    return replace(proposal, data={**data, "links": [link]})


def _codes(data: Mapping[str, Any]) -> set[str]:
    return {party.get("country") or party["organisation"] for party in data["parties"]}
