"""Was an instrument in force on a day: no, certain or possible, and why.

The rule is the record format's ("In force on a day D?"):

- **no**: D is before the earliest possible start (of ``provisional``, else of ``terms.in_force``,
  else of the sides' ``in_force``, else of ``date``); or after the latest possible stated end
  (``ended``; else, where ``renewal`` is ``none``, the end of ``period`` and ``term``, the later of
  the two); or after an end set by links (``model.succession``); or on or before ``checked`` where
  ``in_force`` is ``none`` and nothing is ``provisional``.
- **certain**: D is on or after the latest possible start that is stated (``terms.in_force``, else
  every side's ``in_force``), and before the earliest possible day of the stated end; where none
  is stated, not after the later of ``checked``, where ``ended`` is ``none``, and of the end of
  ``period`` and of the first ``term``, however it is renewed.
- **possible**: everything else.

A side is a party that is neither ``observer`` nor ``depositary``. For one side the answer is never
above that for the whole, and ``no`` after its ``left``:

- With two sides, a stated ``terms.in_force`` binds both, whatever their own dates.
- Else a side is not bound before its earliest consent (``ratified``, ``acceded``, ``in_force``). It
  is as certain as the whole from its ``in_force``, or, without one, from a year after it ratified
  or acceded.
- A side with ``ratified: none`` and no other consent is not bound up to ``checked``, and possibly
  after it. One that states no consent is at most possible where another side states one, where its
  own is ``unknown``, and where it signed after the start. Else its answer is that for the whole.
- For an observer or a depositary the answer is ``no`` on every day: nothing binds them.

Where the rule states nothing, the cautious answer is taken, mostly ``possible``:

- Qualified days are widened wherever they bound an answer, for ``no`` as for ``certain``.
- ``unknown`` states nothing, like a missing key; only the words differ. A text that is not a date
  states a day, but not which.
- Where ``provisional`` or ``in_force`` has no earliest day (``[..b]``), ``date`` gives the earliest
  start, or ``b`` if that is before. Where ``terms.in_force`` is an interval, its start is the
  start, and nothing is certain from its end on.
- The ``in_force`` of some of more than two sides is no start of the whole: the others may have
  begun before. Of two sides one is enough for the earliest start.
- A ``term`` runs from the stated start, never from ``date``, since years may lie between signature
  and entry into force: without a stated start it ends nothing.
- The day of an end itself is possible, that of a ``period`` or ``term`` too: four years from
  2021-01-01 are over on 2025-01-01.
- A ``period`` that ends with a year or month (``2025/2026``) may end on any day of it. An open end
  (``2025/..``) is no end, an unknown one (``2025/``) may be any day.
- ``ended`` beside a ``term`` that is not renewed: ``ended`` alone decides what is ``no``, the
  earlier what is certain. A later ``checked`` of ``ended: none`` outweighs the end of such a term
  where that would be ``no``.
- ``end_reason: terminated`` or ``superseded`` without ``ended``: it may have ended on any day.
- An end before the start: never in force.
- When one of at most two sides ``left``, nothing is certain from there on. ``left: unknown`` may be
  any day.
- Links remove certainty and never add it: that something was replaced in 2015 does not mean that
  it lasted until then. A successor that states no start of its own never makes a ``no``.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from healthcoop.model.dates import Days, add, duration
from healthcoop.model.record import Party, Record, Terms
from healthcoop.model.stated import (
    NO_END,
    NOT_KNOWN,
    begin_days,
    bilateral,
    bound_of_all,
    end_in_words,
    interval_end,
    is_stated,
    lapses_of,
    left_days,
    not_before,
    on_day,
    stated_days,
    stated_start,
)

_YEAR = duration("P1Y")
"""How long after a consent it certainly has effect: our rule."""
_NEVER = (date.max, date.min)
"""The possible days for a party that is not a side: none."""

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


@dataclass(frozen=True, slots=True)
class _Sides:
    """What decides together with a party's own dates: the terms, and facts about all sides.

    ``consented`` is whether one of them states a consent.
    """

    terms: Terms
    bilateral: bool
    consented: bool

    @classmethod
    def of(cls, record: Record) -> "_Sides":
        """Return the facts about the sides of a record."""
        consented = any(map(_consents, record.sides))
        return cls(record.terms or Terms(), bilateral(record), consented)


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
    if party is None:
        return _settled(whole)
    return _settled(_narrowed(whole, _Sides.of(record), _member(record, party)))


def spans_of_sides(record: Record, *, links: Bounds | None = None) -> dict[str, Span]:
    """Return the ``span`` of each side by its code; what is the same for all is computed once."""
    whole = _bounded(_whole(record), links)
    sides: dict[str, Party] = {}
    for side in record.sides:
        sides.setdefault(side.code, side)
    common = _Sides.of(record)
    return {code: _settled(_narrowed(whole, common, side)) for code, side in sides.items()}


def departure(record: Record, party: str) -> date | None:
    """Return the last day on which a party was possibly still bound; None: no such bound."""
    left = left_days(_member(record, party))
    return left[1] if left else None


def _whole(record: Record) -> Span:
    """Return the span of an instrument by its own record, without links."""
    terms, start = record.terms or Terms(), stated_start(record)
    lapses = lapses_of(terms, start.stated)
    ended = stated_days(terms.ended)
    checked = stated_days(terms.checked) if terms.ended == "none" else None
    ends = [ended, interval_end(terms.in_force), *(lapses if terms.renewal == "none" else ())]
    runs = [checked[0] if checked else None, *(_eve(days[0]) for days in lapses)]
    until = _last_certain([days for days in ends if days], runs)
    for doubt in _doubts(record, terms):
        until = _cut(until, doubt[0])
    return Span(
        start.possible,
        start.stated[1],
        until,
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
        ended = f"it ended before it could begin; {when.since}; {when.until}"
        return Status(day, "no", when.since if (first, last) == _NEVER else ended)
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


def _last_certain(ends: list[Days], runs: list[date | None]) -> date | None:
    """Return the last certain day by the stated ends, else by how long it is known to run."""
    if ends:
        return _eve(bound_of_all(min, [days[0] for days in ends]))
    return _last_known(*runs)


def _eve(day: date | None) -> date | None:
    return day - timedelta(1) if day and day > date.min else None


def _cut(until: date | None, day: date | None) -> date | None:
    """Return the last certain day where nothing is certain from a day on."""
    eve = _eve(day)
    return min(until, eve) if until and eve else None


def _doubts(record: Record, terms: Terms) -> list[Days]:
    """Return the days from which nothing is certain: one of two sides left, or it was ended."""
    doubts = [left_days(party) for party in record.sides] if bilateral(record) else []
    if terms.end_reason in ("terminated", "superseded") and not is_stated(terms.ended):
        doubts.append(NOT_KNOWN)
    return [days for days in doubts if days]


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
    for party in (*record.sides, *record.parties):
        if party.code == code:
            return party
    raise ValueError(f"{code} is not a party of {record.id}")


def _narrowed(when: Span, sides: _Sides, party: Party) -> Span:
    """Limit a span to the days of one party."""
    code = party.code
    if not party.is_side:
        role = "observed and is" if party.role == "observer" else "is the depositary and"
        return Span(_NEVER[0], None, None, _NEVER[1], f"{code} {role} not a side", "")
    begins, certain, words = _bound_since(sides, party, when.certain_from)
    left, until = left_days(party), when.certain_until
    if left:
        until = _cut(until, left[0])
    return Span(
        _last_known(when.possible_from, begins),
        certain,
        until,
        _first_known(when.possible_until, left[1] if left else None),
        f"{when.since}; {words}" if words else when.since,
        _with_words(when.until, f"{code} left {on_day(party.left)}") if left else when.until,
    )


def _with_words(until: str, words: str) -> str:
    return until if words in until.split("; ") else f"{until}; {words}"


def _bound_since(
    sides: _Sides, party: Party, start: date | None
) -> tuple[date | None, date | None, str]:
    """Return a party's earliest start, its first certain day, and both in words.

    ``start`` is the first certain day of the whole; None where no day is.
    """
    terms, code = sides.terms, party.code
    if sides.bilateral and is_stated(terms.in_force):
        return None, start, ""
    if consents := _consents(party):
        effect = _effect(party, consents)
        certain = max(start, effect) if start and effect else None
        return bound_of_all(min, [first for first, _ in consents]), certain, _consent_words(party)
    if party.ratified == "none":
        words = f"{code} had not ratified it, last checked {on_day(terms.checked)}"
        return not_before(terms.checked), None, words
    signed = (stated_days(party.signed) or NOT_KNOWN)[0]
    if (
        "unknown" in (party.ratified, party.acceded, party.in_force)
        or sides.consented
        or (start and signed and signed > start)
    ):
        return None, None, f"since when for {code} is not recorded"
    return None, start, ""


def _consents(party: Party) -> list[Days]:
    """Return the days on which a party stated that it is bound."""
    days = (begin_days(party.in_force), stated_days(party.ratified), stated_days(party.acceded))
    return [each for each in days if each]


def _effect(party: Party, consents: list[Days]) -> date | None:
    """Return the day by which a consent of a party certainly has effect; None for no day."""
    own = begin_days(party.in_force)
    if own:
        return own[1]
    return _first_known(*[add(last, _YEAR) for _, last in consents if last])


def _consent_words(party: Party) -> str:
    if is_stated(party.in_force):
        return f"for {party.code} from {party.in_force}"
    ratified = f"{party.code} ratified {party.ratified}" if is_stated(party.ratified) else ""
    acceded = f"{party.code} acceded {party.acceded}" if is_stated(party.acceded) else ""
    return ratified or acceded
