"""The texts that an article says were signed or adopted."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.dates import FoundDate
from healthcoop.contribute.draft.groups import (
    LEAD,
    Group,
    codes_in,
    is_about_health,
    is_instrument,
    pattern,
    position,
)
from healthcoop.contribute.draft.parties import Mention
from healthcoop.contribute.draft.tables import alternatives
from healthcoop.contribute.draft.triggers import Trigger
from healthcoop.contribute.languages import words

_NEAR = 2  # sentences back in which the text is named that “it was signed” is about
_GENERAL = ("", "agreement")
_DAY = len("2024-05-15")


def instrument_groups(
    article: Article,
    mentions: Sequence[Mention],
    triggers: Sequence[Trigger],
    dates: Sequence[FoundDate],
) -> list[Group]:
    """Return the texts that were signed, each with the triggers that report it."""
    texts = _as_spoken_of(article, triggers)
    told = [each for each in texts if each.status == "happened"]
    if not any(each.status == "happened" for each in triggers):
        # “approved the memorandum, which was signed on 9 April”
        told = [each for each in texts if each.status == "past" and _is_subject(each, dates)]
    groups: list[Group] = []
    for trigger in told:
        kind = trigger.type or _named_before(article, trigger, texts)
        alike = [group for group in groups if group.type == kind]
        one_more = trigger.clause and any(group.triggers[0].clause for group in groups)
        one_more = one_more or (trigger.another and _is_named(article, trigger, groups))
        if not one_more and not _is_of_two(mentions, trigger, groups):
            alike += [group for group in groups if _is_same_text(group.type, kind)]
        same = next(iter(alike), None)
        if same is None:
            groups.append(Group(kind, [trigger]))
            continue
        same.triggers.append(trigger)
        if same.type in _GENERAL and kind not in _GENERAL:
            same.type = kind
    for group in groups:
        if group.type in _GENERAL and not any(each.clause for each in group.triggers):
            known = {each.type for each in groups}
            group.type = _named_later(article, group, known) or "agreement"
    return [each for group in groups for each in _one_each(article, mentions, group)]


def _one_each(article: Article, mentions: Sequence[Mention], group: Group) -> Iterator[Group]:
    """Yield a group for each text of “two accords, one on malaria, the other on polio”.

    Those that are not about health are left out. Without words about each it is one event.
    """
    for trigger in group.triggers:
        count, start = _number(article, group, trigger)
        clauses = _clauses(article, trigger, start) if count else []
        if clauses and len(clauses) != count:  # “one each for ...”
            yield from [group] * count
        elif clauses:
            for clause in clauses:
                if is_about_health(article, mentions, [clause]):
                    yield Group(
                        group.type, [replace(each, clause=clause) for each in group.triggers]
                    )
        if clauses:
            return
    yield group


def _number(article: Article, group: Group, trigger: Trigger) -> tuple[int, int]:
    """Return how many texts a sentence says were signed, and where the words for it end; or 0."""
    table = words(article.language, "signing")
    names = (*words(article.language, "instruments").get(group.type, ()), *table["generic"])
    for count, number in enumerate(table.get("numbers", ()), 2):
        of = rf"{alternatives([number])}\s+(?:[^\s.,;:]+\s+){{0,2}}?{alternatives(names)}"
        said = re.compile(of, re.IGNORECASE).search(
            article.text, trigger.sentence.start, trigger.sentence.end
        )
        if said:
            return count, said.end()
    return 0, 0


def _clauses(article: Article, trigger: Trigger, start: int) -> list[Span]:
    """Return what is said of each of several texts, in their sentence and the next two."""
    distinct = pattern(tuple(words(article.language, "signing").get("each", ())))
    place = article.sentences.index(trigger.sentence)
    clauses: list[Span] = []
    for sentence in article.sentences[place : place + 3]:
        named = distinct.finditer(article.text, max(start, sentence.start), sentence.end)
        starts = [each.start() for each in named]
        clauses += [Span(*pair) for pair in pairwise([*starts, sentence.end])]
    return clauses


def _is_named(article: Article, trigger: Trigger, groups: Sequence[Group]) -> bool:
    """Return whether a trigger names one more text: “an agreement”, not “documents”.

    What only the title has reported so far is not another one.
    """
    names = tuple(words(article.language, "instruments").get(trigger.type, ()))
    titled = article.title_span
    told = {sentence for group in groups for sentence in group.sentences}
    return bool(pattern(names).search(article.words(trigger.span))) and not all(
        titled and titled.contains(sentence) for sentence in told
    )


def _is_of_two(mentions: Sequence[Mention], trigger: Trigger, groups: Sequence[Group]) -> bool:
    """Return whether a text is one more, that two of several sides signed."""
    of_several = any(
        len(codes_in(mentions, each)) > 2 for group in groups for each in group.sentences
    )
    return trigger.another and of_several and len(codes_in(mentions, trigger.sentence)) == 2


def _as_spoken_of(article: Article, triggers: Sequence[Trigger]) -> list[Trigger]:
    """Return the triggers, those of “the agreement” with the status of the text named before.

    What is signed in the sentence after one about the past is past, too.
    """
    definite = re.compile(alternatives(words(article.language, "signing").get("definite", ())))
    found: list[Trigger] = []
    for number, trigger in enumerate(triggers):
        if not is_instrument(trigger, article):
            continue
        start = max(trigger.sentence.start, trigger.span.start - 12)
        before = article.text[start : trigger.span.start].lower()
        same_text = not trigger.type or definite.search(before)
        past = bool(same_text and found and found[-1].status == "past")
        if number and position(article, trigger.sentence) >= LEAD:
            past = past or _follows_past(article, triggers[number - 1], trigger)
        found.append(replace(trigger, status="past") if past else trigger)
    return found


def _follows_past(article: Article, previous: Trigger, trigger: Trigger) -> bool:
    place = article.sentences.index(trigger.sentence)
    return previous.status == "past" and previous.sentence == article.sentences[place - 1]


def _is_subject(trigger: Trigger, dates: Sequence[FoundDate]) -> bool:
    """Return whether an older text may be what the article is about: its day is given."""
    return any(len(each.edtf) == _DAY and trigger.sentence.contains(each.span) for each in dates)


def _named_before(article: Article, trigger: Trigger, texts: Sequence[Trigger]) -> str:
    """Return the type of the text that a sentence calls “it” or “the document”; or empty."""
    found = ""
    table = words(article.language, "instruments")
    place = article.sentences.index(trigger.sentence)
    for sentence in article.sentences[max(0, place - _NEAR) : place + 1]:
        for code, phrases in table.items():
            if pattern(tuple(phrases)).search(article.text, sentence.start, sentence.end):
                found = code if found in _GENERAL else found
    return found or next((each.type for each in texts if each.type), "")


def _named_later(article: Article, group: Group, known: Collection[str]) -> str:
    """Return the type by which the article goes on to call a text: “the protocol says”; or empty.

    The first general name is not enough: an agreement signed is often called a memorandum later.
    Types that are ``known`` are those of other texts.
    """
    definite = alternatives(words(article.language, "signing").get("definite", ()))
    of = alternatives(words(article.language, "sides").get("of", ()))
    start = group.triggers[0].sentence.end
    found: list[tuple[int, str]] = []
    for code, phrases in words(article.language, "instruments").items():
        name = re.compile(
            rf"{definite}\s+(?:(?!{of})[^\s.,;]+\s+){{0,3}}?{alternatives(phrases)}",
            re.IGNORECASE,
        )
        match = name.search(article.text, start)
        if match and code not in known and code not in _GENERAL:
            found.append((match.start(), code))
    return min(found, default=(0, ""))[1]


def _is_same_text(one: str, other: str) -> bool:
    return one == other or one in _GENERAL or other in _GENERAL
