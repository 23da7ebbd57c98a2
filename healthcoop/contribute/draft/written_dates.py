"""Dates as an article writes them: numbers, weekdays and phrases, before they are resolved."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from healthcoop.contribute.draft.article import Span
from healthcoop.contribute.draft.calendar_words import Calendar
from healthcoop.model.folding import fold

# Between a weekday or “last year” and the date that it belongs to: “Monday, 7 November”.
_GAP = re.compile(r"[ ,(]+(?:\w{1,3} +){0,2}|[ ,(]*")


class Parts(NamedTuple):
    """The numbers of a date, 0 for what is not written."""

    year: int = 0
    month: int = 0
    day: int = 0


_NONE = Parts()


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as written: ``end`` is that of a range, ``offset`` of a phrase (``-1d``, ``0y``).

    ``direction`` is -1 for “last March”, 1 for “next Thursday”, otherwise 0.
    """

    span: Span
    start: Parts = _NONE
    end: Parts | None = None
    weekday: int | None = None
    offset: str = ""
    direction: int = 0


def find_written(text: str, words: Calendar) -> list[WrittenDate]:
    """Return the dates of a text in their order; the longest where several overlap."""
    every = [
        found
        for pattern in words.patterns
        for match in pattern.finditer(text)
        if (found := _read(match, words))
    ]
    every.sort(key=lambda each: (each.span.start, -each.span.end))
    separate: list[WrittenDate] = []
    for each in every:
        if not separate or each.span.start >= separate[-1].span.end:
            separate.append(each)
    return [_with_direction(text, each, words) for each in _joined(text, separate)]


def _read(match: re.Match[str], words: Calendar) -> WrittenDate | None:
    groups = {name: value for name, value in match.groupdict().items() if value}
    span = Span(min(match.start(name) for name in groups), match.end())
    if "w" in groups:
        return WrittenDate(span, weekday=words.weekdays.get(_key(groups["w"])))
    if "phrase" in groups:
        return WrittenDate(span, offset=words.phrases[_key(groups["phrase"])])
    if "a" in groups:
        return _in_figures(span, groups, words)
    if groups.get("m", "").lower() == groups.get("m") in words.table["capitals"]:
        return None  # “may” and “march” are verbs
    start, end = _parts(groups, "", words), _parts(groups, "2", words)
    if not end.day:
        return WrittenDate(span, start)
    end = Parts(end.year or start.year, end.month or start.month, end.day)
    if not start.year and end.year:
        start = start._replace(year=end.year - (start.month > end.month))
    return WrittenDate(span, start, end)


def _key(name: str) -> str:
    return " ".join(fold(name).split())


def _parts(groups: dict[str, str], n: str, words: Calendar) -> Parts:
    month = groups.get(f"m{n}", "0")
    number = int(month) if month.isdigit() else words.months.get(_key(month), 0)
    return Parts(int(groups.get(f"y{n}", 0)), number, int(groups.get(f"d{n}", 0)))


def _in_figures(span: Span, groups: dict[str, str], words: Calendar) -> WrittenDate | None:
    """Read 08/04/2025, unless both orders are possible and the language does not decide."""
    first, second = int(groups["a"]), int(groups["b"])
    usual = words.table["day_first"] or groups["mark"] == "."
    day_first = second <= 12 and (first > 12 or first == second or usual)
    if not day_first and (first > 12 or second <= 12):
        return None
    day, month = (first, second) if day_first else (second, first)
    return WrittenDate(span, Parts(int(groups["y"]), month, day))


def _joined(text: str, dates: list[WrittenDate]) -> Iterator[WrittenDate]:
    """Join what belongs to one date: “Monday, 7 November”, “December 25 last year”."""
    waiting: WrittenDate | None = None
    for each in dates:
        joined = waiting and _joint(text, waiting, each)
        if waiting and not joined:
            yield waiting
        waiting = joined or each
    if waiting:
        yield waiting


def _joint(text: str, first: WrittenDate, second: WrittenDate) -> WrittenDate | None:
    if not _GAP.fullmatch(text, first.span.end, second.span.start):
        return None
    span = Span(first.span.start, second.span.end)
    for date, other in ((first, second), (second, first)):
        if not date.start.month or other.start.month or other.start.year:
            continue
        if other.weekday is not None and date.start.day and date.weekday is None:
            return replace(date, span=span, weekday=other.weekday)
        if other.offset.endswith("y") and not date.start.year:
            return replace(date, span=span, offset=other.offset)
    return None


def _with_direction(text: str, each: WrittenDate, words: Calendar) -> WrittenDate:
    """Read the word beside a date: “last March”, “next Thursday”, “le 8 avril dernier”."""
    if each.start.year or each.offset:
        return each
    before = re.search(r"[\w-]+(?=\W{1,2}\Z)", text[max(0, each.span.start - 20) : each.span.start])
    after = re.match(r"\s([\w-]+)", text[each.span.end : each.span.end + 20])
    beside = {fold(found[found.lastindex or 0]) for found in (before, after) if found}
    for direction, name in ((-1, "last"), (1, "next")):
        if beside & {fold(word) for word in words.table[name]}:
            return replace(each, direction=direction)
    return each
