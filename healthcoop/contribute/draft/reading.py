"""Reading an article: its events with their dates, people, places and topics."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.bodies import find_bodies
from healthcoop.contribute.draft.dates import FoundDate, find_dates
from healthcoop.contribute.draft.event_day import event_date
from healthcoop.contribute.draft.events import Announced, Event, find_events
from healthcoop.contribute.draft.hosts import find_host
from healthcoop.contribute.draft.names import FoundName, find_names
from healthcoop.contribute.draft.parties import PARENTS
from healthcoop.contribute.draft.people import FoundPerson, find_people
from healthcoop.contribute.draft.places import find_place
from healthcoop.contribute.draft.tables import alternatives
from healthcoop.contribute.draft.terms import FoundTerm, find_terms
from healthcoop.contribute.draft.topics import FoundTopic, find_topics
from healthcoop.contribute.languages import words
from healthcoop.model.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Draft:
    """What an article says of one event; None and empty where it says nothing.

    ``bodies`` are where the bodies of each side are named, by its code.
    """

    event: Event
    date: FoundDate | None
    place: FoundName | None
    people: tuple[FoundPerson, ...]
    topics: tuple[FoundTopic, ...]
    bodies: Mapping[str, Sequence[Span]]
    host: FoundName | None
    terms: Sequence[FoundTerm] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What an article says: an event each, and what is not drafted and why."""

    article: Article
    drafts: tuple[Draft, ...]
    announced: tuple[Announced, ...]


def read(article: Article, vocabulary: Vocabulary) -> Reading:
    """Return the events that an article reports with what it says of each."""
    names = find_names(article, vocabulary)
    dates = find_dates(article)
    people = find_people(article, names)
    offices = [person.role_span for person in people if person.role_span]
    report = find_events(article, names, vocabulary, dates=dates, people=people)
    drafts: list[Draft] = []
    for event in report.events:
        passage = _passage(article, event, report.events)
        told = _told(article, event, report.events)
        about = tuple(each for each in told if each not in report.background)
        sentences = event.sentences
        if event.clause:  # the sentence is also about other texts
            about = (event.clause, *(each for each in about if not each.contains(event.clause)))
            sentences = (event.clause, *sentences)
        drafts.append(
            Draft(
                event=event,
                date=event_date(
                    article, event.sentences, dates, lasting=event.type in ("visit", "conference")
                ),
                place=find_place(article, names, event.sentences),
                people=(
                    *_of_sides(event, people, passage),
                    *_of_before(event, drafts, people, passage),
                ),
                topics=tuple(
                    find_topics(
                        article, about, vocabulary, reports=event.sentences, offices=offices
                    )
                ),
                host=find_host(
                    article,
                    names,
                    event.sentences,
                    event_type=event.type,
                    codes=event.codes,
                ),
                terms=find_terms(article, about, event.sentences)
                if event.kind == "instrument"
                else (),
                bodies={code: find_bodies(article, names, sentences, code) for code in event.codes},
            )
        )
    return Reading(article, tuple(drafts), report.announced)


def _of_sides(
    event: Event, people: Sequence[FoundPerson], sentences: Sequence[Span]
) -> Iterator[FoundPerson]:
    """Yield the people of an event's sides whom some sentences name.

    Who acts for an organisation acts for the part of it that is a side: World Bank, for IDA.
    """
    parts = {
        parent: code
        for code in event.codes
        for parent in PARENTS.get(code, ())
        if parent not in event.codes
    }
    for person in people:
        party = parts.get(person.party or "", person.party)
        named = (span.contains(mention) for span in sentences for mention in person.mentions)
        if party in event.codes and any(named):
            yield replace(person, party=party)


def _of_before(
    event: Event,
    drafts: Sequence[Draft],
    people: Sequence[FoundPerson],
    passage: Sequence[Span],
) -> Iterator[FoundPerson]:
    """Yield who goes on to meet others and is not named again: “The minister then received ...”."""
    named = {person.party for person in _of_sides(event, people, passage)}
    before = [draft for draft in drafts if draft.event.kind == event.kind == "encounter"]
    for code in event.codes:
        known = [person for draft in before[-1:] for person in draft.people if person.party == code]
        if named and code not in named and len(known) == 1:
            yield known[0]


def _passage(article: Article, event: Event, events: Sequence[Event]) -> tuple[Span, ...]:
    """Return an event's sentences, and those from its first to the next event of its kind."""
    others = [each for each in events if each is not event and each.kind == event.kind]
    first = event.trigger.start if others and others[0].trigger < event.trigger else 0
    later = [each.trigger.start for each in others if each.trigger > event.trigger]
    last = min(later, default=len(article.text))
    following = (each for each in article.sentences if first < each.end <= last)
    return tuple(dict.fromkeys((*event.sentences, *following)))


def _told(article: Article, event: Event, events: Sequence[Event]) -> Iterator[Span]:
    """Yield the sentences from each about an event up to that about another one.

    A sentence that names a text that was signed (“the memorandum”) is about that event. Those
    before any event are about all.
    """
    names = words(article.language, "instruments")
    generic = words(article.language, "signing").get("generic", ())
    texts = {
        each: re.compile(alternatives((*names.get(each.type, ()), *generic)), re.IGNORECASE)
        for each in events
        if each.kind == "instrument"
    }
    current: Sequence[Event] = events
    for sentence in article.sentences:
        text = article.words(sentence)
        about = [each for each in events if sentence in each.sentences]
        named = [each for each, pattern in texts.items() if pattern.search(text)]
        current = about or named or current
        if event in current:
            yield sentence
