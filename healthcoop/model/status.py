"""Was an instrument in force on a day: no, certain or possible, and why.

The rule is the record format's ("In force on a day D?"):

- **no**: D is before the earliest possible start (of ``terms.in_force``, else of ``date``), or
  after the latest possible end (of ``ended``; else, where ``renewal`` is ``none``, of ``period``
  and ``term``, the later of the two), or after an end set by links (``model.succession``).
- **certain**: D is on or after the latest possible start that is stated (``terms.in_force``, else
  every party's ``in_force``), and before the earliest possible end, one of which at least is
  stated: ``ended``; the end of ``period`` and of ``term``, unless ``renewal`` is ``automatic``;
  ``checked``, where ``ended`` is ``none``.
- **possible**: everything else.

Where the rule states nothing, the cautious answer is taken, mostly ``possible``:

- Qualified days are widened wherever they bound an answer, for ``no`` as for ``certain``.
- ``unknown`` states nothing, like a missing key; only the words differ. A text that is not a date
  states a day, but not which: nothing is certain because of it.
- Where ``in_force`` has no earliest day (``[..b]``), ``date`` gives the earliest start. Where it is
  an interval, its start is the start, and its end is one more earliest end.
- A ``term`` runs from the stated start, never from ``date``, since years may lie between signature
  and entry into force: without a stated start it ends nothing.
- The day of an end itself is possible, and so is the day of ``checked``.
- A ``period`` that ends with a year or month (``2025/2026``) may end on any day of it. An open end
  (``2025/..``) is no end, an unknown one (``2025/``) may be any day.
- With ``renewal`` missing or ``by-agreement`` an instrument is possible after its term.
- ``ended`` beside a ``term``: ``ended`` alone decides what is ``no``, the earlier what is certain.
  A later ``checked`` of ``ended: none`` outweighs the end of the term where that would be ``no``.
- ``end_reason: terminated`` or ``superseded`` without ``ended``: it may have ended on any day.
- An end before the start: never in force.
- When one of only two parties ``left``, nothing is certain from there on.
- Links remove certainty and never add it: that something was replaced in 2015 does not mean that
  it lasted until then. A successor that states no start of its own never makes a ``no``.
- For one party: the earliest start is its ``in_force``, else ``acceded``. Where no ``in_force`` of
  its own is stated, nothing is certain if that, ``acceded`` or ``ratified`` is ``unknown``, if it
  signed or ratified after the instrument's own start, or if it may have acceded after that.
  ``left: unknown`` may be any day. Dates of its own only narrow the instrument's answer.
- For an observer nothing is certain: it may not be bound at all. It is no party where parties are
  counted, nor where every one of them must have an ``in_force``.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from healthcoop.model.dates import Days
from healthcoop.model.record import Party, Record, Terms
from healthcoop.model.stated import (
    NO_END,
    NOT_KNOWN,
    begin_days,
    bound_of_all,
    contracting_parties,
    end_in_words,
    interval_end,
    lapses_of,
    left_days,
    on_day,
    stated_days,
    stated_start,
)

Answer = Literal["no", "certain", "possible"]


@dataclass(frozen=True, slots=True)
class Status:
    """The answer for one day, and the reason: a short sentence without capital and full stop."""

    day: date
    answer: Answer
    reason: str


@dataclass(frozen=True, slots=True)
class Span:
    """When an instrument was in force: four days, each included, and what they rest on in words.

    Before ``possible_from`` and after ``possible_until`` it was not (None: no such bound); from
    ``certain_from`` to ``certain_until`` it certainly was (both None: on no day); else possibly.
    """

    possible_from: date | None
    certain_from: date | None
    certain_until: date | None
    possible_until: date | None
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """The effects of other records' links on a span, and their description.

    Nothing is certain from ``certain_before`` on (None: no such bound). ``possible_until`` stands
    for the span's own, which a renewal may outlast.
    """

    certain_before: date | None
    possible_until: date | None
    words: str


def entry_into_force(record: Record) -> Days:
    """Return the earliest possible and the latest possible stated start of an instrument."""
    start = stated_start(record)
    return start.possible, start.stated[1]


def span(record: Record, *, party: str | None = None, links: Bounds | None = None) -> Span:
    """Return the days on which an instrument was in force, as a whole or for the code of a party.

    ``links`` are the effects of the links that point to it (``model.succession``). The record must
    be one of an instrument. Raises ValueError for a code that is not among the parties.
    """
    whole = _bounded(_whole(record), links)
    return _settled(whole if party is None else _narrowed(whole, _member(record, party)))


def departure(record: Record, party: str) -> date | None:
    """Return the last day on which a party was possibly still bound; None: no such bound."""
    left = left_days(_member(record, party))
    return left[1] if left else None


def _whole(record: Record) -> Span:
    """Return the span of an instrument by its own record, without links."""
    terms, start = record.terms or Terms(), stated_start(record)
    ended = stated_days(terms.ended)
    checked = stated_days(terms.checked) if terms.ended == "none" else None
    lapses = lapses_of(terms, start.stated)
    stated = [ended, checked, interval_end(terms.in_force), *lapses]
    caps = _departures(record)
    if ended is None and terms.end_reason in ("terminated", "superseded"):
        caps.append(NOT_KNOWN)
    return Span(
        start.possible,
        start.stated[1],
        _last_certain([days for days in stated if days], caps),
        ended[1] if ended else _lapsed(terms, lapses, checked),
        start.words,
        end_in_words(record, start.stated),
    )


def _bounded(when: Span, links: Bounds | None) -> Span:
    """Shorten a span by the effects of links."""
    if links is None:
        return when
    until = when.certain_until
    if links.certain_before:
        until = _cut(until, links.certain_before)
    return replace(
        when,
        certain_until=until,
        possible_until=links.possible_until,
        until=links.words if when.until == NO_END else f"{links.words}; {when.until}",
    )


def answer(when: Span, day: date) -> Status:
    """Return whether a day lies in a span, with the reason."""
    first, last = when.possible_from, when.possible_until
    if first and last and last < first:
        return Status(day, "no", f"it ended before it could begin; {when.since}; {when.until}")
    if first and day < first:
        return Status(day, "no", f"not in force before {first}; {when.since}")
    if last and day > last:
        return Status(day, "no", f"not in force after {last}; {when.until}")
    if when.certain_from is None or when.certain_until is None:
        return Status(day, "possible", f"{when.since}; {when.until}")
    if day < when.certain_from:
        reason = f"certain only from {when.certain_from} on; {when.since}"
    elif day > when.certain_until:
        reason = f"certain only up to {when.certain_until}; {when.until}"
    else:
        return Status(day, "certain", f"{when.since}; {when.until}")
    return Status(day, "possible", reason)


def in_force(
    record: Record, day: date, *, party: str | None = None, links: Bounds | None = None
) -> Status:
    """Return whether an instrument was in force on a day: ``answer`` for its ``span``."""
    return answer(span(record, party=party, links=links), day)


def _first_known(*days: date | None) -> date | None:
    return min([day for day in days if day], default=None)


def _last_known(*days: date | None) -> date | None:
    return max([day for day in days if day], default=None)


def _lapsed(terms: Terms, lapses: list[Days], checked: Days | None) -> date | None:
    """Return the last possible day of an instrument that is not renewed."""
    if terms.renewal != "none" or not lapses:
        return None
    return bound_of_all(max, [days[1] for days in (*lapses, checked) if days])


def _last_certain(stated: list[Days], caps: list[Days]) -> date | None:
    return _eve(bound_of_all(min, [days[0] for days in (*stated, *caps)])) if stated else None


def _eve(day: date | None) -> date | None:
    return day - timedelta(1) if day and day > date.min else None


def _cut(until: date | None, day: date | None) -> date | None:
    """Return the last certain day where nothing is certain from a day on."""
    eve = _eve(day)
    return min(until, eve) if until and eve else None


def _departures(record: Record) -> list[Days]:
    """Return when parties left, where at most two could be bound."""
    parties = contracting_parties(record)
    if len(parties) > 2:
        return []
    return [days for days in map(left_days, parties) if days]


def _settled(when: Span) -> Span:
    """Limit the certain days to the possible ones, or drop them."""
    first, last = when.certain_from, when.certain_until
    if first and last:
        first = _last_known(first, when.possible_from) or first
        last = _first_known(last, when.possible_until) or last
        if first <= last:
            return replace(when, certain_from=first, certain_until=last)
    return replace(when, certain_from=None, certain_until=None)


def _member(record: Record, code: str) -> Party:
    for party in record.parties:
        if party.code == code:
            return party
    raise ValueError(f"{code} is not a party of {record.id}")


def _narrowed(when: Span, party: Party) -> Span:
    """Limit a span to the days of one party."""
    begins, certain, words = _begun(party, when.certain_from)
    left, until = left_days(party), when.certain_until
    if left:
        until = _cut(until, left[0])
    return Span(
        _last_known(when.possible_from, begins),
        certain,
        until,
        _first_known(when.possible_until, left[1] if left else None),
        when.since + words,
        _with_words(when.until, f"{party.code} left {on_day(party.left)}") if left else when.until,
    )


def _with_words(until: str, words: str) -> str:
    return until if words in until.split("; ") else f"{until}; {words}"


def _begun(party: Party, certain: date | None) -> tuple[date | None, date | None, str]:
    """Return a party's earliest start, its first certain day, and both in words."""
    own, acceded = begin_days(party.in_force), stated_days(party.acceded)
    if party.role == "observer":
        return (own or acceded or NOT_KNOWN)[0], None, f"; {party.code} is an observer"
    if own:
        certain = max(certain, own[1]) if certain and own[1] else None
        return own[0], certain, f"; for {party.code} from {party.in_force}"
    consent = [days for days in (stated_days(party.signed), stated_days(party.ratified)) if days]
    late = (
        "unknown" in (party.in_force, party.acceded, party.ratified)
        or any(certain and days[0] and days[0] > certain for days in consent)
        or (acceded and certain and (acceded[1] is None or acceded[1] > certain))
    )
    certain = None if late else certain
    if acceded:
        return acceded[0], certain, f"; {party.code} acceded {on_day(party.acceded)}"
    return None, certain, f"; since when for {party.code} is not recorded" if late else ""
