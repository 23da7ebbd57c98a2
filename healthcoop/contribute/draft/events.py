"""The events that an article reports, each with its sentences and sides; and those announced."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from itertools import islice

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.dates import FoundDate, find_publication
from healthcoop.contribute.draft.names import FoundName
from healthcoop.contribute.draft.parties import SURE, Mention, Side, most_named, sides_of, weigh
from healthcoop.contribute.draft.people import FoundPerson
from healthcoop.contribute.draft.tables import alternatives
from healthcoop.contribute.draft.triggers import Trigger, find_triggers
from healthcoop.contribute.languages import words
from healthcoop.model.dates import bounds
from healthcoop.model.vocabulary import Vocabulary

_LEAD = 4  # sentences, the title among them, in which an article says what it reports
_NEAR = 2  # sentences back in which the text is named that “it was signed” is about
_GENERAL = ("", "agreement")
_RECENT = timedelta(days=45)  # what is older is another event than that which is reported
_BESIDE = 60  # characters between an event's words and its date
_LISTED = 2  # a list of more countries is that of an organisation's members
_FEW = 4  # sentences of an article that report one event
_MANY = 9  # sentences after “several meetings” that may each report one
_GIVEN = 0.6  # the score of a name that is a side where something is given: “for Tanzania”
_DAY = len("2024-05-15")
_SHORT = 50  # characters: a shorter sentence before the body is a caption or a date


@dataclass(frozen=True, slots=True)
class Event:
    """An event that the article reports as having happened.

    ``trigger`` are the words that say so, ``sentences`` those that report it, the most telling
    first. ``main`` is the article's first event of its kind.
    """

    type: str
    kind: str
    trigger: Span
    sentences: tuple[Span, ...]
    sides: tuple[Side, ...]
    confidence: float
    main: bool = True

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


@dataclass(slots=True)
class _Group:
    """Triggers of one event, while they are collected."""

    type: str
    triggers: list[Trigger] = field(default_factory=list)

    @property
    def sentences(self) -> tuple[Span, ...]:
        return tuple(dict.fromkeys(trigger.sentence for trigger in self.triggers))


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
    triggers = [_dated(article, each, dates) for each in find_triggers(article)]
    triggers = _without_titles_plans(article, triggers)
    instruments = _instrument_groups(article, triggers, dates)
    encounters = _encounter_groups(article, mentions, triggers, instruments)
    events: list[Event] = []
    skipped: list[Announced] = []
    groups = [*instruments, *encounters]
    for group in groups:
        kind = vocabulary.kind(group.type)
        main = not any(event.kind == kind for event in events)
        others = events[0].sides if events else ()
        elsewhere = {each for other in groups if other is not group for each in other.sentences}
        for event in _events(
            article, mentions, group, kind=kind, others=others, elsewhere=elsewhere
        ):
            if len(event.sides) > 1:
                events.append(replace(event, main=main))
            else:
                reason = "fewer than two sides are named"
                skipped.append(Announced(event.type, event.trigger, reason, event.codes))
    announced = _announced(article, mentions, triggers, events)
    events = [_with_members(event, events) for event in events]
    events.sort(key=lambda event: event.trigger)
    background = {each.sentence for each in triggers if each.status == "past"}
    reported = {sentence for event in events for sentence in event.sentences}
    return Report(tuple(events), (*announced, *skipped), frozenset(background - reported))


def _with_members(event: Event, events: Sequence[Event]) -> Event:
    """Return an event of an organisation with the members that another event of it lists."""
    countries = {code for code in event.codes if len(code) == 2}
    organisations = set(event.codes) - countries
    for other in events:
        listed = {code for code in other.codes if len(code) == 2}
        if organisations and len(listed) > _LISTED and countries < listed:
            return replace(event, sides=other.sides)
    return event


def _dated(article: Article, trigger: Trigger, dates: Sequence[FoundDate]) -> Trigger:
    """Return a trigger as past where a date beside it is long before the article's."""
    publication = find_publication(article)
    if trigger.status != "happened" or publication is None:
        return trigger
    beside = Span(trigger.span.start - _BESIDE, trigger.span.end + _BESIDE)
    for each in dates:
        last = bounds(each.edtf)[1]
        near = beside.contains(each.span) and trigger.sentence.contains(each.span)
        if each.basis not in ("text", "relative") or not near or not last:
            continue
        if date.fromisoformat(last) < publication.first - _RECENT:
            return replace(trigger, status="past")
    return trigger


def _without_titles_plans(article: Article, triggers: list[Trigger]) -> list[Trigger]:
    """Return the triggers without those of a title whose text says that they are to come."""
    body = [each for each in triggers if article.text[each.sentence.end - 1] in '.!?”"']
    return [
        each
        for each in triggers
        if each in body
        or each.status != "happened"
        or {"announced"} != {other.status for other in body if other.type == each.type}
    ]


def _instrument_groups(
    article: Article, triggers: Sequence[Trigger], dates: Sequence[FoundDate]
) -> list[_Group]:
    """Return the texts that were signed, each with the triggers that report it."""
    texts = _as_spoken_of(article, triggers)
    told = [each for each in texts if each.status == "happened"]
    if not any(each.status == "happened" for each in triggers):
        # “approved the memorandum, which was signed on 9 April”
        told = [each for each in texts if each.status == "past" and _is_subject(each, dates)]
    groups: list[_Group] = []
    for trigger in told:
        kind = trigger.type or _named_before(article, trigger, texts)
        same = next((group for group in groups if _is_same_text(group.type, kind)), None)
        if same is None:
            groups.append(_Group(kind, [trigger]))
            continue
        same.triggers.append(trigger)
        if same.type in _GENERAL and kind not in _GENERAL:
            same.type = kind
    for group in groups:
        if group.type in _GENERAL:
            group.type = _named_later(article, group) or "agreement"
    return groups


def _as_spoken_of(article: Article, triggers: Sequence[Trigger]) -> list[Trigger]:
    """Return the triggers, those of “the agreement” with the status of the text named before.

    What is signed in the sentence after one about the past is past, too.
    """
    definite = re.compile(alternatives(words(article.language, "signing").get("definite", ())))
    found: list[Trigger] = []
    for number, trigger in enumerate(triggers):
        if not _is_instrument(trigger, article):
            continue
        start = max(trigger.sentence.start, trigger.span.start - 12)
        before = article.text[start : trigger.span.start].lower()
        same_text = not trigger.type or definite.search(before)
        past = bool(same_text and found and found[-1].status == "past")
        if number and _position(article, trigger.sentence) >= _LEAD:
            past = past or _follows_past(article, triggers[number - 1], trigger)
        found.append(replace(trigger, status="past") if past else trigger)
    return found


def _follows_past(article: Article, previous: Trigger, trigger: Trigger) -> bool:
    place = article.sentences.index(trigger.sentence)
    return previous.status == "past" and previous.sentence == article.sentences[place - 1]


def _is_instrument(trigger: Trigger, article: Article) -> bool:
    return not trigger.type or trigger.type in words(article.language, "instruments")


def _is_subject(trigger: Trigger, dates: Sequence[FoundDate]) -> bool:
    """Return whether an older text may be what the article is about: its day is given."""
    return any(len(each.edtf) == _DAY and trigger.sentence.contains(each.span) for each in dates)


def _position(article: Article, sentence: Span) -> int:
    """Return the number of a sentence, with the title, and without captions."""
    titled = article.title_span
    lead = [*([titled] if titled else ())]
    lead += [each for each in article.body if each.end - each.start > _SHORT]
    return next((n for n, span in enumerate(lead) if span.contains(sentence)), len(lead))


def _named_before(article: Article, trigger: Trigger, texts: Sequence[Trigger]) -> str:
    """Return the type of the text that a sentence calls “it” or “the document”; or empty."""
    found = ""
    table = words(article.language, "instruments")
    place = article.sentences.index(trigger.sentence)
    for sentence in article.sentences[max(0, place - _NEAR) : place + 1]:
        for code, phrases in table.items():
            if _pattern(tuple(phrases)).search(article.text, sentence.start, sentence.end):
                found = code if found in _GENERAL else found
    return found or next((each.type for each in texts if each.type), "")


def _named_later(article: Article, group: _Group) -> str:
    """Return the type by which the article goes on to call a text: “the protocol says”; or empty.

    The first general name is not enough: an agreement signed is often called a memorandum later.
    """
    definite = alternatives(words(article.language, "signing").get("definite", ()))
    start = group.triggers[0].sentence.end
    found: list[tuple[int, str]] = []
    for code, phrases in words(article.language, "instruments").items():
        name = re.compile(
            rf"{definite}\s+(?:[^\s.,;]+\s+){{0,3}}?{alternatives(phrases)}", re.IGNORECASE
        )
        match = name.search(article.text, start)
        if match and code not in _GENERAL:
            found.append((match.start(), code))
    return min(found, default=(0, ""))[1]


@cache
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(alternatives(phrases), re.IGNORECASE)


def _is_same_text(one: str, other: str) -> bool:
    return one == other or one in _GENERAL or other in _GENERAL


def _encounter_groups(
    article: Article,
    mentions: Sequence[Mention],
    triggers: Sequence[Trigger],
    instruments: Sequence[_Group],
) -> list[_Group]:
    """Return the encounters, each with the triggers that report it."""
    happened = [
        each
        for each in triggers
        if not _is_instrument(each, article)
        and each.status == "happened"
        and not _is_occasion(article, each)
    ]
    strong = _one_each_sentence([each for each in happened if each.strength > 1])
    signed_in = {sentence for group in instruments for sentence in group.sentences}
    groups: list[_Group] = []
    for trigger in strong:
        if trigger.sentence in signed_in and trigger.type in ("meeting", "visit", "ceremony"):
            continue
        if instruments and trigger.type == "mission":
            continue
        same = next((group for group in groups if _is_same_encounter(group, trigger)), None)
        leading = _position(article, trigger.sentence) < _LEAD
        adds = bool(same and _adds_a_side(article, mentions, same, trigger))
        further = adds or (not leading and _is_further(article, trigger))
        healthy = not groups or _is_about_health(article, trigger.sentence)
        if same and (not further or (trigger.several and same.triggers[0].several)):
            same.triggers.append(trigger)
            if (same.type, trigger.type) == ("call", "conference"):
                same.type = "conference"  # a video conference of more than two
        elif (further or leading) and healthy:
            groups.append(_Group(trigger.type, [trigger]))
    groups = _without_introductions(groups)
    if not groups and not instruments:
        planned = {each.sentence for each in triggers if each.status == "announced"}
        weak = [
            each
            for each in happened
            if _position(article, each.sentence) < _LEAD and each.sentence not in planned
        ]
        groups = [_Group(weak[0].type, weak)] if weak else []
    return groups


def _is_further(article: Article, trigger: Trigger) -> bool:
    """Return whether a trigger says that it reports one more encounter."""
    one_more = re.search(r"\ba meeting\b", article.words(trigger.span))
    return trigger.another or trigger.several or bool(one_more)


def _adds_a_side(
    article: Article, mentions: Sequence[Mention], group: _Group, trigger: Trigger
) -> bool:
    """Return whether a sentence names one side that is none of those that have met."""
    if {group.type, trigger.type} - {"meeting", "call"} or group.triggers[0].several:
        return False
    known = {side.code for side in sides_of(article, mentions, group.sentences[:2])}
    return len(known) > 1 and len(_codes(mentions, trigger.sentence) - known) == 1


def _is_about_health(article: Article, sentence: Span) -> bool:
    place = article.sentences.index(sentence)
    pattern = _pattern(tuple(words(article.language, "health").get("words", ())))
    following = article.sentences[place : place + 2]
    return any(pattern.search(article.text, span.start, span.end) for span in following)


def _without_introductions(groups: list[_Group]) -> list[_Group]:
    """Leave out “held several meetings” after which each is reported by itself."""
    return [
        group
        for position, group in enumerate(groups)
        if position in (0, len(groups) - 1) or not group.triggers[0].several
    ]


def _is_occasion(article: Article, trigger: Trigger) -> bool:
    """Return whether an encounter is only named as the occasion of something else."""
    before = article.text[max(trigger.sentence.start, trigger.span.start - 60) : trigger.span.start]
    cue = _pattern(tuple(words(article.language, "status").get("occasion", ())))
    return trigger.type in ("conference", "visit") and bool(cue.search(before.split(",")[-1]))


_RANK = ("ceremony", "call", "conference", "mission", "meeting", "visit")


def _one_each_sentence(triggers: Sequence[Trigger]) -> list[Trigger]:
    """Return of each sentence the encounter that says most about what it was."""
    best: dict[Span, Trigger] = {}
    for trigger in triggers:
        known = best.get(trigger.sentence)
        if known is None or _RANK.index(trigger.type) < _RANK.index(known.type):
            best[trigger.sentence] = trigger
    return list(best.values())


def _is_same_encounter(group: _Group, trigger: Trigger) -> bool:
    pair = {group.type, trigger.type}
    return len(pair) == 1 or "meeting" in pair or pair == {"call", "conference"}


def _events(
    article: Article,
    mentions: Sequence[Mention],
    group: _Group,
    *,
    kind: str,
    others: Sequence[Side],
    elsewhere: Collection[Span],
) -> Iterator[Event]:
    """Yield the event of a group; one with each other side where there were several."""
    first = group.triggers[0]
    several = any(each.several for each in group.triggers[:2]) and kind == "encounter"
    giving = group.type in ("ceremony", "mission")
    least = _GIVEN if giving else SURE
    listing = [each for each in group.sentences if len(_codes(mentions, each)) > 2]
    reports = _near_first(article, group)
    sentences = (*reports[:2], *listing, *_participants(article, group, elsewhere))
    sides = sides_of(article, mentions, sentences, others=others, least=least)
    if giving and not any(len(side.code) == 2 for side in sides):
        sides += _place_side(mentions, sentences)
    event = Event(
        type=group.type,
        kind=kind,
        trigger=_proof(article, group).span,
        sentences=tuple(dict.fromkeys((*sentences, *group.sentences))),
        sides=tuple(sides),
        confidence=0.9 if group.triggers[0].strength > 1 else 0.6,
    )
    if several or group.type == "mission":
        hub, met = _hub(article, mentions, group, least=least)
        if hub and len(met) > 1:
            for side in met:
                named = (each for each in article.sentences if each.contains(side.span))
                lines = tuple(dict.fromkeys((*named, first.sentence)))
                yield replace(event, sides=(hub, side), sentences=lines)
            return
    yield event


def _proof(article: Article, group: _Group) -> Trigger:
    """Return the first report of an event in the body, which a title only sums up."""
    titled = article.title_span
    body = [each for each in group.triggers if not (titled and titled.contains(each.span))]
    named = [each for each in body if each.type == group.type]
    return (named or body or group.triggers)[0]


def _codes(mentions: Sequence[Mention], sentence: Span) -> set[str]:
    """Return the codes that a sentence surely names as sides."""
    return {each.code for each in mentions if each.score >= SURE and sentence.contains(each.span)}


def _place_side(mentions: Sequence[Mention], sentences: Sequence[Span]) -> list[Side]:
    """Return the country of the first city in some sentences, as who was given something there."""
    places = (
        replace(each.side(), confidence=0.4)
        for each in mentions
        if each.form in ("city", "capital")
        if any(sentence.contains(each.span) for sentence in sentences)
    )
    return [*islice(places, 1)]


def _near_first(article: Article, group: _Group) -> list[Span]:
    """Return the sentences that report an event up to a few after the first."""
    first, *following = group.sentences
    place = article.sentences.index(first)
    near = article.sentences[place + 1 : place + _FEW]
    return [first, *(each for each in following if each in near)]


def _participants(article: Article, group: _Group, elsewhere: Collection[Span]) -> Iterator[Span]:
    """Yield the sentences after the first report of an event that say who was there, or gave."""
    cues = words(article.language, "status")
    phrases = (*cues.get("participants", ()), *cues.get("giving", ()))
    if group.type != "ceremony":
        phrases = tuple(cues.get("participants", ()))
    place = article.sentences.index(group.triggers[0].sentence)
    for sentence in article.sentences[place + 1 : place + _FEW]:
        if sentence in elsewhere:
            continue
        if _pattern(tuple(phrases)).search(article.text, sentence.start, sentence.end):
            yield sentence


def _hub(
    article: Article, mentions: Sequence[Mention], group: _Group, *, least: float
) -> tuple[Side | None, list[Side]]:
    """Return the side that met several others, one after the other, and these."""
    first = group.triggers[0]
    sure = [each for each in mentions if each.score >= least]
    listed = {
        each.code: each.side()
        for each in reversed(sure)
        if each.span.start > first.span.start and first.sentence.contains(each.span)
    }
    before = [
        each
        for each in sure
        if first.sentence.contains(each.span) and each.span.end <= first.span.start
    ]
    hub = before[0].side() if before else None
    if hub is None:
        hub = next((side for side in most_named(mentions) if side.code not in listed), None)
    if hub is None:
        return None, []
    if len(listed) < 2:
        place = article.sentences.index(first.sentence)
        following = article.sentences[place + 1 : place + _MANY]
        listed = {
            each.code: each.side()
            for each in reversed(sure)
            if any(span.contains(each.span) for span in following)
        }
    return hub, sorted(
        (side for code, side in listed.items() if code != hub.code), key=lambda side: side.span
    )


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
        if trigger.status == "announced" and trigger.strength > 1 and trigger.type not in known:
            sides = sides_of(article, mentions, [trigger.sentence])
            codes = tuple(side.code for side in sides)
            found.setdefault(
                trigger.type, Announced(trigger.type, trigger.span, "announced", codes)
            )
    return list(found.values())
