"""Who took part in an event beside those whom its first sentence names."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice, takewhile

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.groups import Group, pattern
from healthcoop.contribute.draft.parties import SURE, Mention, Side, most_named
from healthcoop.contribute.languages import words

_BESIDE = 60  # characters after an organisation in which its members are named
FEW = 4  # sentences of an article that report one event
MANY = 9  # sentences after “several meetings” that may each report one


def of_members(article: Article, mentions: Sequence[Mention], sentences: Sequence[Span]) -> bool:
    """Return whether the members of an organisation took part: “the ministers of its members”."""
    members = pattern(tuple(words(article.language, "sides").get("members", ())))
    return any(
        members.search(article.text[each.span.end : each.span.end + _BESIDE].split(".")[0])
        for each in mentions
        if len(each.code) > 2 and each.score >= SURE
        if any(sentence.contains(each.span) for sentence in sentences)
    )


def speakers(
    article: Article,
    mentions: Sequence[Mention],
    group: Group,
    elsewhere: Collection[Span],
    sides: Sequence[Side],
) -> list[Side]:
    """Return the further sides of the people whom the sentences after a report name."""
    place = article.sentences.index(group.triggers[0].sentence)
    following = article.sentences[place + 1 : place + MANY]
    passage = [*takewhile(lambda each: each not in elsewhere, following)]
    known = {side.code for side in sides}
    found = {
        each.code: each.side()
        for each in reversed(mentions)
        if each.form == "person" and each.code not in known
        if any(sentence.contains(each.span) for sentence in passage)
    }
    return [*found.values()]


def place_side(
    mentions: Sequence[Mention], sentences: Sequence[Span], forms: Collection[str], known: str = ""
) -> list[Side]:
    """Return the country of the first place in some sentences, as who was visited or given to.

    The place is named in one of the ``forms``, and is not in the country ``known``.
    """
    places = (
        replace(each.side(), confidence=0.4)
        for each in mentions
        if each.form in forms and each.code != known
        if any(sentence.contains(each.span) for sentence in sentences)
    )
    return [*islice(places, 1)]


def near_first(article: Article, group: Group) -> list[Span]:
    """Return the sentences that report an event up to a few after the first."""
    first, *following = group.sentences
    place = article.sentences.index(first)
    near = article.sentences[place + 1 : place + FEW]
    return [first, *(each for each in following if each in near)]


def participants(article: Article, group: Group, elsewhere: Collection[Span]) -> Iterator[Span]:
    """Yield the sentences after the first report of an event that say who was there, or gave."""
    cues = words(article.language, "status")
    phrases = (*cues.get("participants", ()), *cues.get("giving", ()))
    if group.type != "ceremony":
        phrases = tuple(cues.get("participants", ()))
    place = article.sentences.index(group.triggers[0].sentence)
    for sentence in article.sentences[place + 1 : place + FEW]:
        if sentence in elsewhere:
            continue
        if pattern(tuple(phrases)).search(article.text, sentence.start, sentence.end):
            yield sentence


def hub_and_others(
    article: Article, mentions: Sequence[Mention], group: Group, *, least: float
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
        for trigger in group.triggers[:2]  # the title may name nobody
        for each in sure
        if trigger.sentence.contains(each.span) and each.span.end <= trigger.span.start
    ]
    hub = before[0].side() if before else None
    if hub is None:
        hub = next((side for side in most_named(mentions) if side.code not in listed), None)
    if hub is None:
        return None, []
    if len(listed) < 2:  # a verb at the end has them all before it
        listed = {
            each.code: each.side()
            for each in reversed(sure)
            if each.code != hub.code and first.sentence.contains(each.span)
        }
    if len(listed) < 2:
        place = article.sentences.index(first.sentence)
        following = article.sentences[place + 1 : place + MANY]
        listed = {
            each.code: each.side()
            for each in reversed(sure)
            if any(span.contains(each.span) for span in following)
        }
    return hub, sorted(
        (side for code, side in listed.items() if code != hub.code), key=lambda side: side.span
    )
