"""The meetings, visits, calls and other encounters that an article says took place."""

import re
from collections.abc import Sequence

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.groups import (
    FOR_HEALTH,
    LEAD,
    Group,
    codes_in,
    is_about_health,
    is_instrument,
    pattern,
    position,
)
from healthcoop.contribute.draft.parties import Mention, sides_of
from healthcoop.contribute.draft.tables import alternatives
from healthcoop.contribute.draft.triggers import Trigger
from healthcoop.contribute.languages import words

_EARLY = 2  # sentences that report the first encounter, and no further one
_LIKELY = 0.6  # the score of a name that may be a side
_WITH = 90  # characters after “with” in which the person is named
_RANK = ("ceremony", "call", "conference", "mission", "meeting", "visit")


def encounter_groups(
    article: Article,
    mentions: Sequence[Mention],
    triggers: Sequence[Trigger],
    instruments: Sequence[Group],
) -> list[Group]:
    """Return the encounters, each with the triggers that report it."""
    reports = [each for each in triggers if not is_instrument(each, article)]
    happened = [
        each
        for each in reports
        if each.status == "happened"
        and not _is_occasion(article, each)
        and not _is_of_plan(article, each, triggers)
    ]
    groups: list[Group] = []
    telling = [each for each in happened if each.strength > 1]
    telling += _continued(article, mentions, telling, happened)
    telling.sort(key=lambda each: each.sentence)
    for trigger in _one_each_sentence(telling):
        if not _is_of_signing(article, mentions, trigger, instruments):
            _collect(article, mentions, groups, trigger, beside=bool(instruments))
    attended = _attended(article, mentions, reports, instruments)
    if attended and (not groups or (instruments and {"meeting"} == {each.type for each in groups})):
        groups.insert(0, attended)
    for group in groups:
        if _is_conference(article, mentions, group, reports):
            group.type = "conference"
    if not groups and (weak := _weak(article, triggers, happened, instruments)):
        return [Group(weak[0].type, weak)]
    return _without_introductions(_without_titled_conference(article, groups))


def _attended(
    article: Article,
    mentions: Sequence[Mention],
    reports: Sequence[Trigger],
    instruments: Sequence[Group],
) -> Group | None:
    """Return the conference of an organisation that the lead names as where something took place.

    Beside a text that was signed there, the article goes on about the conference itself.
    """
    aside = pattern(tuple(words(article.language, "status").get("aside", ())))
    happened = [each for each in reports if each.status == "happened"]
    for trigger in happened:
        if trigger.type != "conference" or position(article, trigger.sentence) >= LEAD:
            continue
        organised = any(
            len(each.code) > 2 and trigger.sentence.contains(each.span) for each in mentions
        )
        if not organised or aside.search(article.words(trigger.sentence)):
            continue
        again = [
            each
            for each in happened
            if each.sentence > trigger.sentence and each.type in ("conference", "meeting")
        ]
        if again or not instruments:
            return Group("conference", [trigger, *again[:1]])
    return None


def _weak(
    article: Article,
    triggers: Sequence[Trigger],
    happened: Sequence[Trigger],
    instruments: Sequence[Group],
) -> list[Trigger]:
    """Return the talks that the lead reports in general words, where nothing else is reported.

    These are none where the lead is about what is to come, or about a text that was signed.
    """
    planned = [each for each in triggers if each.status == "announced"]
    if any(each.strength > 1 and position(article, each.sentence) < LEAD for each in planned):
        return []
    signed = [sentence for group in instruments for sentence in group.sentences]
    return [
        each
        for each in happened
        if (each.type == "meeting" or not instruments)
        and position(article, each.sentence) < LEAD
        and all(each.sentence < sentence for sentence in signed)
        and each.sentence not in {other.sentence for other in planned}
    ]


def _is_of_signing(
    article: Article, mentions: Sequence[Mention], trigger: Trigger, instruments: Sequence[Group]
) -> bool:
    """Return whether an encounter is only told with a text that was signed at it."""
    codes = codes_in(mentions, trigger.sentence)
    if len(codes) > 1 and not any(codes & _codes(mentions, group) for group in instruments):
        return False
    if any(trigger.sentence in group.sentences for group in instruments):
        return trigger.type in ("meeting", "visit", "ceremony")
    if trigger.type == "ceremony":
        return any(group.type == "exchange-of-notes" for group in instruments)
    first = position(article, trigger.sentence) == 0
    return bool(instruments) and (
        trigger.type == "mission" or (trigger.type == "visit" and not first)
    )


def _collect(
    article: Article,
    mentions: Sequence[Mention],
    groups: list[Group],
    trigger: Trigger,
    *,
    beside: bool,
) -> None:
    """Add a trigger to the group of its encounter, or a group for a further encounter.

    A first meeting ``beside`` a text that was signed may be told late.
    """
    same = next((group for group in groups if _is_same_encounter(group, trigger)), None)
    number = position(article, trigger.sentence)
    early = _EARLY if trigger.type in ("meeting", "call") else LEAD
    further = (number >= early and _is_further(article, trigger)) or bool(
        same and _is_of_others(article, mentions, groups, same, trigger)
    )
    if same and (not further or (trigger.several and same.triggers[0].several)):
        same.triggers.append(trigger)
        if (same.type, trigger.type) == ("call", "conference"):
            same.type = "conference"  # a video conference of more than two
        return
    place = article.sentences.index(trigger.sentence)
    healthy = not groups or is_about_health(article, mentions, article.sentences[place : place + 2])
    met = not groups and trigger.type in ("meeting", "call")
    named = met and (beside or len(codes_in(mentions, trigger.sentence)) > 1)
    if (further or number < LEAD or named) and healthy:
        groups.append(Group(trigger.type, [trigger]))


def _is_further(article: Article, trigger: Trigger) -> bool:
    """Return whether a trigger says that it reports one more encounter."""
    one_more = pattern(tuple(words(article.language, "status").get("one_more", ())))
    said = one_more.search(article.text, trigger.span.start, trigger.span.end)
    return trigger.another or trigger.several or bool(said)


def _continued(
    article: Article,
    mentions: Sequence[Mention],
    telling: Sequence[Trigger],
    happened: Sequence[Trigger],
) -> list[Trigger]:
    """Return sentences that go on to one more meeting: “With Minister X the topic was tobacco”.

    They name one side that no sentence before them does. Where nothing tells of a meeting
    otherwise, there are several of them.
    """
    phrases = words(article.language, "status").get("with_whom", ())
    opening = rf"(?:[^\s,.;]+(?:\s[^\s,.;]+){{0,3}},\s*)?{alternatives(phrases)}"
    begins = re.compile(opening, re.IGNORECASE)
    met = [each.sentence for each in telling or happened if each.type == "meeting"]
    if not met or any(each.several for each in telling):
        return []
    found = []
    for sentence in article.sentences:
        start = begins.match(article.text, sentence.start, sentence.end)
        if not start or sentence < met[0] or any(each.sentence == sentence for each in telling):
            continue
        near = Span(start.end(), start.end() + _WITH)
        people = {
            each.code for each in mentions if each.form == "person" and near.contains(each.span)
        }
        before = {each.code for each in mentions if each.span < sentence}
        if people - before and codes_in(mentions, sentence) == people:
            span = Span(sentence.start, start.end())
            found.append(Trigger(span, sentence, "meeting", "happened", another=True))
    return found if telling or len(found) > 1 else []


def _is_of_others(
    article: Article,
    mentions: Sequence[Mention],
    groups: Sequence[Group],
    group: Group,
    trigger: Trigger,
) -> bool:
    """Return whether a sentence is about others than those who have met.

    It names one side more, or none of those of any event so far, or two of several that met
    bilaterally.
    """
    codes = codes_in(mentions, trigger.sentence)
    known = {side.code for side in sides_of(article, mentions, group.sentences[:2])}
    aside = pattern(tuple(words(article.language, "status").get("aside", ())))
    if len(codes) == 2 and len(known) > 2:
        return bool(aside.search(article.text, trigger.sentence.start, trigger.sentence.end))
    all_known = {code for each in groups for code in _codes(mentions, each)}
    if len(codes) > 1 and len(_codes(mentions, groups[0])) > 1 and not codes & all_known:
        return True
    return _adds_a_side(article, mentions, group, trigger)


def _codes(mentions: Sequence[Mention], group: Group) -> set[str]:
    return {code for sentence in group.sentences for code in codes_in(mentions, sentence)}


def _adds_a_side(
    article: Article, mentions: Sequence[Mention], group: Group, trigger: Trigger
) -> bool:
    """Return whether a sentence names one side that is none of those that have met."""
    if {group.type, trigger.type} - {"meeting", "call"} or _is_definite(article, trigger):
        return False
    if group.triggers[0].several:
        return False
    known = {side.code for side in sides_of(article, mentions, group.sentences[:2])}
    return len(known) > 1 and len(codes_in(mentions, trigger.sentence) - known) == 1


def _without_introductions(groups: list[Group]) -> list[Group]:
    """Leave out “held several meetings” after which each is reported by itself.

    The sentence remains with these: it names who held them.
    """
    kept: list[Group] = []
    introduction: tuple[Span, ...] = ()
    for number, group in enumerate(groups):
        if group.triggers[0].several and 0 < number < len(groups) - 1:
            introduction = group.sentences
        else:
            group.introduction = introduction
            kept.append(group)
    return kept


def _without_titled_conference(article: Article, groups: list[Group]) -> list[Group]:
    """Leave out a conference that only the title names: who met there is told in the text."""
    titled = article.title_span
    return [
        group
        for group in groups
        if group.type != "conference"
        or len(groups) == 1
        or not (titled and all(titled.contains(each) for each in group.sentences))
    ]


def _is_occasion(article: Article, trigger: Trigger) -> bool:
    """Return whether an encounter is only named as the occasion of something else."""
    before = article.text[max(trigger.sentence.start, trigger.span.start - 60) : trigger.span.start]
    cue = pattern(tuple(words(article.language, "status").get("occasion", ())))
    acted = pattern(tuple(words(article.language, "status").get("acted", ())))
    if trigger.type not in ("conference", "visit") or acted.match(article.words(trigger.span)):
        return False
    return bool(cue.search(before.split(",")[-1]))


def _is_of_plan(article: Article, trigger: Trigger, triggers: Sequence[Trigger]) -> bool:
    """Return whether “the visit” is that of which an earlier sentence says that it is to come."""
    first = next(each for each in triggers if each.type == trigger.type)
    if first.status != "announced":
        return False
    return _is_definite(article, trigger)


def _is_definite(article: Article, trigger: Trigger) -> bool:
    """Return whether the words are of an encounter that has been spoken of: “the talks”."""
    definite = alternatives(words(article.language, "signing").get("definite", ()))
    before = article.text[trigger.sentence.start : trigger.span.start]
    own = re.match(definite, article.words(trigger.span), re.IGNORECASE)
    return bool(own or re.search(rf"{definite}\s+\Z", before, re.IGNORECASE))


def _one_each_sentence(triggers: Sequence[Trigger]) -> list[Trigger]:
    """Return of each sentence the encounter that says most about what it was."""
    best: dict[Span, Trigger] = {}
    for trigger in triggers:
        known = best.get(trigger.sentence)
        if known is None or _RANK.index(trigger.type) < _RANK.index(known.type):
            best[trigger.sentence] = trigger
    return list(best.values())


def _is_conference(
    article: Article, mentions: Sequence[Mention], group: Group, reports: Sequence[Trigger]
) -> bool:
    """Return whether a meeting is one of an organisation's ministers, or part of a conference."""
    cues = words(article.language, "status")
    sentence = group.triggers[0].sentence
    text = article.words(sentence)
    if group.type != "meeting" or pattern(tuple(cues.get("aside", ()))).search(text):
        return False
    within = [each for each in mentions if each.score > _LIKELY and sentence.contains(each.span)]
    bodies = {each.code for each in within if len(each.code) > 2} - FOR_HEALTH
    countries = {code for code in codes_in(mentions, sentence) if len(code) == 2}
    if len(countries) < 2:
        return bool(bodies) and bool(pattern(tuple(cues.get("ministers", ()))).search(text))
    named = [each for each in reports if each.type == "conference" and each.sentence == sentence]
    return len(countries) > 2 and bool(named)


def _is_same_encounter(group: Group, trigger: Trigger) -> bool:
    pair = {group.type, trigger.type}
    return len(pair) == 1 or "meeting" in pair or pair == {"call", "conference"}
