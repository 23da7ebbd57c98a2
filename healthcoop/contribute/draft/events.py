"""The events that an article reports, each with its sentences and sides; and those announced."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.dates import FoundDate, find_publication
from healthcoop.contribute.draft.encounters import encounter_groups
from healthcoop.contribute.draft.groups import Group, codes_in, is_about_health
from healthcoop.contribute.draft.instruments import instrument_groups
from healthcoop.contribute.draft.names import FoundName
from healthcoop.contribute.draft.participants import (
    hub_and_others,
    near_first,
    of_members,
    participants,
    place_side,
    speakers,
)
from healthcoop.contribute.draft.parties import SURE, Mention, Side, sides_of, weigh
from healthcoop.contribute.draft.people import FoundPerson
from healthcoop.contribute.draft.triggers import Trigger, find_triggers
from healthcoop.model.dates import bounds
from healthcoop.model.vocabulary import Vocabulary

_MOST = 20  # events of an article: what has more is a list
_RECENT = timedelta(days=45)  # what is older is another event than that which is reported
_NEWS = timedelta(days=4)  # what is dated so late is what the article is about
_OLD = timedelta(days=12)  # what is older is then another event
_BESIDE = 60  # characters between an event's words and its date
_OPENING = 25  # characters: “In early January 2021, ”
_LISTED = 2  # a list of more countries is that of an organisation's members
_GIVEN = 0.6  # the score of a name that is a side where something is given: “for Tanzania”
_VISITED = 0.7  # that of one that was visited


@dataclass(frozen=True, slots=True)
class Event:
    """An event that the article reports as having happened.

    ``trigger`` are the words that say so, ``sentences`` those that report it, the most telling
    first. ``clause`` is the part of a sentence about this one of several texts, ``listed``
    says that it is one of several of one side that are reported together.
    """

    type: str
    kind: str
    trigger: Span
    sentences: tuple[Span, ...]
    sides: tuple[Side, ...]
    confidence: float
    clause: Span | None = None
    listed: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the sides, in the order in which they are proposed."""
        return tuple(side.code for side in self.sides)


@dataclass(frozen=True, slots=True)
class Announced:
    """An event that the article says is to come, or a reason why no record is proposed for one."""

    type: str
    span: Span
    reason: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What an article reports: events to draft, what is not drafted and why, and background.

    ``background`` are the sentences about the past.
    """

    events: tuple[Event, ...]
    announced: tuple[Announced, ...]
    background: frozenset[Span]


def find_events(
    article: Article,
    names: Sequence[FoundName],
    vocabulary: Vocabulary,
    *,
    dates: Sequence[FoundDate],
    people: Sequence[FoundPerson],
) -> Report:
    """Return the events that an article reports, and those that it announces."""
    mentions = weigh(article, names, people)
    triggers = dated(article, find_triggers(article), dates)
    triggers = without_title_plans(article, triggers)
    instruments = instrument_groups(article, mentions, triggers, dates)
    encounters = encounter_groups(article, mentions, triggers, instruments)
    events: list[Event] = []
    skipped: list[Announced] = []
    groups = [*instruments, *encounters][:_MOST]
    healthy = is_about_health(article, mentions, article.sentences)
    for group in groups:
        kind = vocabulary.kind(group.type)
        others = events[0].sides if events else ()
        elsewhere = {each for other in groups if other is not group for each in other.sentences}
        for event in _events(
            article, mentions, group, kind=kind, others=others, elsewhere=elsewhere
        ):
            if len(event.sides) > 1 and healthy:
                events.append(event)
            else:
                reason = "fewer than two sides are named" if healthy else "not about health"
                skipped.append(Announced(event.type, event.trigger, reason, event.codes))
    announced = _announced(article, mentions, triggers, events)
    events = [_with_members(event, events) for event in _without_repeated(events)]
    events.sort(key=lambda event: event.trigger)
    background = {each.sentence for each in triggers if each.status == "past"}
    reported = {sentence for event in events for sentence in event.sentences}
    return Report(tuple(events), (*announced, *skipped), frozenset(background - reported))


def _without_repeated(events: Sequence[Event]) -> Iterator[Event]:
    """Yield the events without those reported together that the article then reports by itself.

    The sentences about them all remain with the report.
    """
    listed = [each for each in events if each.listed]
    told = [each for each in events if not each.listed]
    for event in events:
        if event.listed and not any(_is_same(event, each) for each in told):
            yield event
        elif not event.listed:
            lists = (each.sentences for each in listed if _is_same(event, each))
            yield replace(event, sentences=tuple(dict.fromkeys(sum(lists, event.sentences))))


def _is_same(event: Event, other: Event) -> bool:
    return event.type == other.type and set(event.codes) == set(other.codes)


def _with_members(event: Event, events: Sequence[Event]) -> Event:
    """Return an event of an organisation with the members that another event of it lists."""
    countries = {code for code in event.codes if len(code) == 2}
    organisations = set(event.codes) - countries
    for other in events:
        listed = {code for code in other.codes if len(code) == 2}
        if organisations and len(listed) > _LISTED and countries < listed:
            return replace(event, sides=other.sides)
    return event


def dated(
    article: Article, triggers: Sequence[Trigger], dates: Sequence[FoundDate]
) -> list[Trigger]:
    """Return the triggers, as past those whose date is long before the article's.

    Where another one is of these days, what is some weeks old is past, too.
    """
    publication = find_publication(article)
    if publication is None:
        return [*triggers]
    days = [[*_days_beside(each, dates)] for each in triggers]
    news = any(
        each.status == "happened" and publication.first - _NEWS <= day <= publication.last
        for each, beside in zip(triggers, days, strict=True)
        for day in beside
    )
    oldest = publication.first - (_OLD if news else _RECENT)
    return [
        replace(each, status="past")
        if each.status == "happened" and any(day < oldest for day in beside)
        else each
        for each, beside in zip(triggers, days, strict=True)
    ]


def _days_beside(trigger: Trigger, dates: Sequence[FoundDate]) -> Iterator[date]:
    """Yield the last days of the dates beside a trigger, or with which its sentence begins."""
    sentence = trigger.sentence
    beside = Span(trigger.span.start - _BESIDE, trigger.span.end + _BESIDE)
    opening = Span(sentence.start, sentence.start + _OPENING)
    for each in dates:
        last = bounds(each.edtf)[1]
        near = beside.contains(each.span) or opening.contains(each.span)
        if each.basis in ("text", "relative") and near and last and sentence.contains(each.span):
            yield date.fromisoformat(last)


def without_title_plans(article: Article, triggers: list[Trigger]) -> list[Trigger]:
    """Return the triggers without those of a title whose text says that they are to come."""
    body = [each for each in triggers if article.text[each.sentence.end - 1] in '.!?”"']
    return [
        each
        for each in triggers
        if each in body
        or each.status != "happened"
        or {"announced"} != {other.status for other in body if other.type == each.type}
    ]


def _events(
    article: Article,
    mentions: Sequence[Mention],
    group: Group,
    *,
    kind: str,
    others: Sequence[Side],
    elsewhere: Collection[Span],
) -> Iterator[Event]:
    """Yield the event of a group; one with each other side where there were several."""
    several = any(each.several for each in group.triggers[:2]) and kind == "encounter"
    giving = group.type in ("ceremony", "mission")
    least = _GIVEN if giving else _VISITED if group.type == "visit" else SURE
    listing = [each for each in group.sentences if len(codes_in(mentions, each)) > 2]
    reports = near_first(article, group)
    sentences = (*reports[:2], *listing, *participants(article, group, elsewhere))
    sentences += group.introduction
    sides = sides_of(article, mentions, sentences, others=others, least=least)
    if of_members(article, mentions, sentences):
        sides += speakers(article, mentions, group, elsewhere, sides)
    if giving and not any(len(side.code) == 2 for side in sides):
        sides += place_side(mentions, sentences, ("city", "capital"))
    elif group.type in ("visit", "mission") and len(sides) == 1:
        sides += place_side(mentions, sentences, ("name", "capital"), known=sides[0].code)
    event = Event(
        type=group.type,
        kind=kind,
        trigger=_proof(article, group).span,
        sentences=tuple(dict.fromkeys((*sentences, *group.sentences))),
        sides=tuple(sides),
        confidence=0.9 if group.triggers[0].strength > 1 else 0.6,
        clause=next((each.clause for each in group.triggers if each.clause), None),
    )
    if several or group.type == "mission":
        hub, met = hub_and_others(article, mentions, group, least=least)
        if hub and len(met) > 1:
            yield from (_with_one(article, event, hub, side) for side in met)
            return
        if several and not hub:  # who met all these is not said
            event = replace(event, sides=())
    yield event


def _with_one(article: Article, event: Event, hub: Side, side: Side) -> Event:
    """Return the event between one side and one of those that it met."""
    named = (each for each in article.sentences if each.contains(side.span))
    lines = tuple(dict.fromkeys((*named, event.sentences[0])))
    return replace(event, sides=(hub, side), sentences=lines, listed=True)


def _proof(article: Article, group: Group) -> Trigger:
    """Return the first report of an event in the body, which a title only sums up."""
    titled = article.title_span
    body = [each for each in group.triggers if not (titled and titled.contains(each.span))]
    named = [each for each in body if each.type == group.type]
    return (named or body or group.triggers)[0]


def _announced(
    article: Article,
    mentions: Sequence[Mention],
    triggers: Sequence[Trigger],
    events: Sequence[Event],
) -> list[Announced]:
    """Return what is to come, once for each type that is not an event of the article too."""
    known = {event.type for event in events}
    found: dict[str, Announced] = {}
    for trigger in triggers:
        named = trigger.strength > 1 or trigger.type == "agreement"  # “will sign the agreement”
        if trigger.status == "announced" and named and trigger.type not in known:
            sides = sides_of(article, mentions, [trigger.sentence])
            codes = tuple(side.code for side in sides)
            found.setdefault(
                trigger.type, Announced(trigger.type, trigger.span, "announced", codes)
            )
    return list(found.values())
