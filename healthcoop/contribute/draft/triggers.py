"""Words that report an event: a text signed, a meeting held, and whether it has happened."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.tables import alternatives
from healthcoop.contribute.languages import words

Status = Literal["happened", "announced", "past", "denied"]

_BEFORE = 45  # characters before an event's words that say whether it has happened
_AFTER = 45
_CUES = (
    *("denied", "announced_forms", "announced_before", "announced_after", "finished"),
    *("past", "past_before", "past_forms", "purpose", "nouns", "another", "several"),
)
_DAY = re.compile(r"\d\s+May\b|\bMay\s+\d")
_REACH = 170  # characters between “signed” and the name of what was


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words of a sentence that report an event of a type.

    ``strength`` is 2 where they name it, 1 where they are general (“agreement”, “discussed”).
    ``another`` says that it is one more event, ``several`` that there was one with each of several
    others. ``clause`` is the part of the sentence about this one of several texts that it lists.
    """

    span: Span
    sentence: Span
    type: str
    status: Status
    strength: int = 2
    another: bool = False
    several: bool = False
    clause: Span | None = None


def find_triggers(article: Article) -> list[Trigger]:
    """Return what the sentences report, in their order, at most one encounter per sentence."""
    patterns = _patterns(article.language)
    found: list[Trigger] = []
    for sentence in article.sentences:
        found.extend(_instruments(article, sentence, patterns))
        found.extend(_encounters(article, sentence, patterns))
    return [each for each in found if each.status != "denied"]


@dataclass(frozen=True)
class _Patterns:
    instruments: Mapping[str, re.Pattern[str]]
    generic: re.Pattern[str]
    others: re.Pattern[str]
    signed: re.Pattern[str]
    adopted: re.Pattern[str]
    encounters: Mapping[str, re.Pattern[str]]
    received: re.Pattern[str]
    weak: Mapping[str, re.Pattern[str]]
    status: Mapping[str, re.Pattern[str]]
    apart: re.Pattern[str]
    listed: re.Pattern[str]
    listed_after: re.Pattern[str]
    joined: re.Pattern[str]
    final: bool


@cache
def _patterns(language: str) -> _Patterns:
    def table(section: str) -> Mapping[str, Any]:
        return words(language, section)

    def compiled(phrases: Any) -> re.Pattern[str]:
        return re.compile(alternatives(phrases), re.IGNORECASE)

    def verbs(phrases: Any) -> re.Pattern[str]:
        return re.compile(alternatives(phrases, table("verb_endings")), re.IGNORECASE)

    officials = table("encounters_with_officials").get("officials", ())
    received = table("encounters_with_officials").get("meeting", ())
    conjunctions = alternatives(table("signing").get("and", ()))
    one = table("signing").get("one", ())
    article = rf"{alternatives(one)}\s+" if one else ""
    final = bool(table("signing").get("verb_final"))
    return _Patterns(
        instruments={code: compiled(each) for code, each in table("instruments").items()},
        generic=compiled(table("signing").get("generic", ())),
        others=compiled(table("signing").get("others", ())),
        signed=verbs(table("signing").get("signed", ())),
        adopted=verbs(table("signing").get("adopted", ())),
        encounters={code: verbs(each) for code, each in table("encounters").items()},
        received=re.compile(
            rf"{verbs(received).pattern}(?=[^.;]{{0,90}}?{alternatives(officials)})", re.IGNORECASE
        ),
        weak={code: verbs(each) for code, each in table("encounters_weak").items()},
        status={name: compiled(table("status").get(name, ())) for name in _CUES},
        apart=re.compile(  # “met ... in separate meetings”, “met with X; with Y; and with Z”
            rf"{alternatives(table('status').get('apart', ()))}"
            rf"|;\s+(?:{conjunctions}\s+)?{alternatives(table('status').get('with_whom', ()))}",
            re.IGNORECASE,
        ),
        listed=re.compile(
            rf"(?:[,;:]|{conjunctions})\s+{article}(?:[^\s.,;:]+\s+){{0,2}}\Z", re.IGNORECASE
        ),
        listed_after=re.compile(rf"\s*(?:,|{conjunctions})" if final else "(?!)", re.IGNORECASE),
        joined=compiled(table("signing").get("and", ())),
        final=final,
    )


def _instruments(article: Article, sentence: Span, patterns: _Patterns) -> Iterator[Trigger]:
    """Yield what the sentence says was signed or adopted."""
    nouns = _nouns(article, sentence, patterns)
    used: set[str] = set()
    if nouns and nouns[0][0] == "declaration" and sentence.start == nouns[0][1].start:
        used.add("declaration")  # the text itself: “Declaration of the ministers of ...”
        yield Trigger(nouns[0][1], sentence, "declaration", "happened")
    for pattern, needs_name in ((patterns.signed, False), (patterns.adopted, True)):
        for verb in pattern.finditer(article.text, sentence.start, sentence.end):
            noun = _object(nouns, verb)
            if noun is None and needs_name:
                continue
            kind, span, strength = noun or ("", Span(*verb.span()), 0)
            if kind in used or kind == "none":
                continue
            used.add(kind)
            around = Span(min(span.start, verb.start()), max(span.end, verb.end()))
            status = _status(article, sentence, Span(*verb.span()), patterns)
            if re.search(r"\bwith \d+ countries|\b\d+ countries\b", article.words(sentence)):
                status = "past"
            trigger = Trigger(around, sentence, kind, status, strength)
            listed = _listed(article, nouns, span, patterns) if noun else []
            trigger = _completed(article, trigger, patterns)
            if len(listed) < 2:
                yield trigger
                continue
            for kind, clause, strength in listed:
                used.add(kind)
                yield replace(trigger, type=kind, clause=clause, strength=strength)


def _listed(
    article: Article, nouns: Sequence[tuple[str, Span, int]], chosen: Span, patterns: _Patterns
) -> list[tuple[str, Span, int]]:
    """Return the texts of the list to which one belongs: “a memorandum on X and a protocol on Y”.

    Each is there with the part of the sentence that is about it, one of each type.
    """
    text, runs = article.text, [[nouns[0]]]
    for previous, noun in pairwise(nouns):
        between = text[previous[1].end : noun[1].start]
        linked = patterns.listed.search(between) or patterns.listed_after.match(between)
        if "none" in (previous[0], noun[0]) or not linked:
            runs.append([])
        runs[-1].append(noun)
    run = next(each for each in runs if any(noun[1] == chosen for noun in each))
    while len(run) > 1 and not patterns.joined.search(text, run[-2][1].end, run[-1][1].start):
        run.pop()  # “a memorandum, an agreement that ...” is one text, not the end of a list
    sentence = article.sentence_at(chosen.start) or chosen
    if patterns.final:
        starts = [sentence.start, *(noun[1].end for noun in run[:-1])]
        ends = [noun[1].end for noun in run]
    else:
        starts = [noun[1].start for noun in run]
        ends = [*starts[1:], sentence.end]
    listed: dict[str, tuple[str, Span, int]] = {}
    for (kind, span, strength), start, end in zip(run, starts, ends, strict=True):
        own = _status(article, sentence, span, patterns)
        if span == chosen or (own == "happened" and not _is_general(article, span, patterns)):
            listed.setdefault(kind, (kind, Span(start, end), strength))
    return [*listed.values()]


def _is_general(article: Article, span: Span, patterns: _Patterns) -> bool:
    """Return whether a name is that of any text: “a document”."""
    return not any(each.fullmatch(article.words(span)) for each in patterns.instruments.values())


def _nouns(article: Article, sentence: Span, patterns: _Patterns) -> list[tuple[str, Span, int]]:
    """Return the names of texts in a sentence: type, place, and 1 where the name is general."""
    named = {**patterns.instruments, "": patterns.generic, "none": patterns.others}
    found = [
        (code or "agreement", Span(*match.span()), 1 if code in ("", "agreement") else 2)
        for code, pattern in named.items()
        for match in pattern.finditer(article.text, sentence.start, sentence.end)
    ]
    longest: list[tuple[str, Span, int]] = []
    for each in sorted(found, key=lambda noun: (noun[1].start, -noun[1].end)):
        if not longest or each[1].start >= longest[-1][1].end:
            longest.append(each)
    return longest


def _object(
    nouns: list[tuple[str, Span, int]], verb: re.Match[str]
) -> tuple[str, Span, int] | None:
    """Return the text that a verb is about: the nearest after it, else the nearest before it.

    Before both, what is within the words of the verb: “amended their agreement”.
    """
    within = [noun for noun in nouns if noun[1].start < verb.end() and verb.start() < noun[1].end]
    after = [noun for noun in nouns if 0 <= noun[1].start - verb.end() < _REACH]
    before = [noun for noun in nouns if 0 <= verb.start() - noun[1].end < _REACH]
    named = [noun for noun in after[:2] if noun[2] == 2]
    if within or named or after:
        return (within or named or after)[0]
    return next((noun for noun in reversed(before) if noun[2] == 2), before[-1] if before else None)


def _encounters(article: Article, sentence: Span, patterns: _Patterns) -> Iterator[Trigger]:
    """Yield the encounter that the sentence reports: of overlapping words the longest."""
    tables = (
        *((2, code, pattern) for code, pattern in patterns.encounters.items()),
        (2, "meeting", patterns.received),
        *((1, code, pattern) for code, pattern in patterns.weak.items()),
    )
    found = [
        (strength, Span(*match.span()), code)
        for strength, code, pattern in tables
        for match in pattern.finditer(article.text, sentence.start, sentence.end)
    ]
    taken = Span(-1, -1)
    gifts = any(code == "ceremony" for strength, _, code in found if strength == 1)
    calls = [span for _, span, code in found if code == "call"]
    for strength, span, named in sorted(found, key=lambda each: (each[1].start, -each[1].end)):
        if span.start < taken.end:
            continue
        taken = span
        code = named
        if code == "none":
            continue
        if code == "meeting" and any(span.contains(call) for call in calls):
            code = "call"  # “held by telephone a meeting”
        if gifts and code == "meeting" and patterns.received.match(article.text, span.start):
            code = "ceremony"  # “received a donation from the ambassador”
        status = _status(article, sentence, span, patterns)
        yield _completed(article, Trigger(span, sentence, code, status, strength), patterns)


def _completed(article: Article, trigger: Trigger, patterns: _Patterns) -> Trigger:
    """Return a trigger with what the words around it say of its being one of several."""
    text, span = article.text, trigger.span
    start = max(trigger.sentence.start, span.start - _BEFORE)
    several = (start, min(trigger.sentence.end, span.end + _AFTER))
    apart = patterns.apart.search(text, span.end, trigger.sentence.end)
    return replace(
        trigger,
        another=bool(patterns.status["another"].search(text, start, span.end)),
        several=bool(apart or patterns.status["several"].search(text, *several)),
    )


def _status(article: Article, sentence: Span, span: Span, patterns: _Patterns) -> Status:
    """Return whether the event is said to have happened, to be planned, to be history, or not."""
    text = article.text
    start = max(sentence.start, span.start - _BEFORE)
    before = re.split(r"[;:,]\s|\s[–—-]\s|[\"“”]", text[start : span.start])[-1]
    after = text[span.end : min(sentence.end, span.end + _AFTER)]
    if any(not before[cue.end() :].strip() for cue in patterns.status["denied"].finditer(before)):
        return "denied"
    if patterns.status["announced_forms"].search(text, span.start, span.end):
        return "announced"
    for cue in patterns.status["announced_before"].finditer(before):
        purpose = patterns.status["purpose"].search(text, sentence.start, span.start)
        finished = patterns.status["finished"].search(before, cue.end())
        named = cue[0].lower() == "to" and (
            purpose or patterns.status["nouns"].match(text, span.start)
        )
        dated = _DAY.search(before, cue.start() - 3, cue.end() + 3)  # “on 4 May they signed”
        if _reaches(cue, before) and not finished and not named and not dated:
            return "announced"
    if patterns.status["announced_after"].search(re.split(r"[;,]\s", after)[0]):
        return "announced"
    past = patterns.status["past"].search(text, sentence.start, sentence.end)
    past = past or patterns.status["past_before"].search(text, sentence.start, span.end)
    past = past or patterns.status["past_forms"].match(text, span.start)
    return "past" if past else "happened"


def _reaches(cue: re.Match[str], before: str) -> bool:
    """Return whether a word such as “to” governs what follows: within two words of it.

    “To” does not where a name follows: “the ambassador to Chile met”.
    """
    between = before[cue.end() :].split()
    named = cue[0].lower() == "to" and any(word[0].isupper() for word in between)
    return len(between) <= 2 and not named
