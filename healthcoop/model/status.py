"""Was an instrument in force on a day: no, certain or possible, and why.

The rule is the record format's ("In force on a day D?"):

- **no**: D is before the earliest possible start (of ``terms.in_force``, else of ``date``), or
  after the latest possible end (of ``ended``; else, where ``renewal`` is ``none``, of ``period``
  and ``term``, the later of the two), or after what links make its end (``model.succession``).
- **certain**: D is on or after the latest possible start that is stated (``terms.in_force``, else
  every party's ``in_force``), and before the earliest possible end, one of which at least is
  stated: ``ended``; the end of ``period`` and of ``term``, unless ``renewal`` is ``automatic``;
  ``checked``, where ``ended`` is ``none``.
- **possible**: everything else.

Where the rule is silent, the careful answer is taken, mostly ``possible``:

- Qualified days are widened wherever they bound an answer, for ``no`` as for ``certain``.
- ``unknown`` states nothing, as a missing key; only the words differ. A text that is no date says
  that there is a day, not which: nothing is certain through it.
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
- Links take certainty, they give none: that something was replaced in 2015 does not say that it
  lasted until then. A successor that states no start of its own never makes a ``no``.
- For one party: the earliest start is its ``in_force``, else ``acceded``. Where no ``in_force`` of
  its own is stated, nothing is certain if that, ``acceded`` or ``ratified`` is ``unknown``, if it
  signed or ratified after the instrument's own start, or if it may have acceded after that.
  ``left: unknown`` may be any day. Dates of its own only narrow the instrument's answer.
- For an observer nothing is certain: it may not be bound at all. It is no party where parties are
  counted, nor where every one of them must have an ``in_force``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from healthcoop.model.dates import DateError, Days, Edtf, add, duration, parse, widen
from healthcoop.model.record import Party, Record, Terms

Answer = Literal["no", "certain", "possible"]

_NOT_KNOWN: Days = (None, None)
_NO_END = "its end is not recorded"
_NAMED = 3
"""How many parties that left a reason names."""


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
    """What the links of other records do to a span, and that in words.

    Nothing is certain from ``certain_before`` on (None: no such bound). ``possible_until`` stands
    for the span's own, which a renewal may outlast.
    """

    certain_before: date | None
    possible_until: date | None
    words: str


@dataclass(frozen=True, slots=True)
class _Start:
    """The earliest possible start; the earliest and latest stated one; the same in words."""

    possible: date | None
    stated: Days
    words: str


def entry_into_force(record: Record) -> Days:
    """Give the earliest possible and the latest possible stated start of an instrument."""
    start = _start(record)
    return start.possible, start.stated[1]


def contracting_parties(record: Record) -> list[Party]:
    """Give the parties that an instrument can bind: all but the observers."""
    return [party for party in record.parties if party.role != "observer"]


def span(record: Record, *, party: str | None = None, links: Bounds | None = None) -> Span:
    """Give the days on which an instrument was in force, for the code of one ``party`` if given.

    ``links`` are what ``model.succession`` makes of the links that touch it. Only instruments are
    asked this; an encounter has no answer. Raises ValueError for a stranger.
    """
    whole = _bounded(_whole(record), links)
    return _settled(whole if party is None else _narrowed(whole, _member(record, party)))


def departure(record: Record, party: str) -> date | None:
    """Give the last day on which a party may have been one still; None: no such bound."""
    left = _left(_member(record, party))
    return left[1] if left else None


def _whole(record: Record) -> Span:
    """Give the span of an instrument by its own record."""
    terms, start = record.terms or Terms(), _start(record)
    ended = _days(terms.ended) if terms.ended != "none" else None
    checked = _days(terms.checked) if terms.ended == "none" else None
    lapses = _lapses(terms, start.stated)
    stated = [ended, checked, _interval_end(terms.in_force), *lapses]
    caps = _departures(record)
    if ended is None and terms.end_reason in ("terminated", "superseded"):
        caps.append(_NOT_KNOWN)
    return Span(
        start.possible,
        start.stated[1],
        _last_certain([days for days in stated if days], caps),
        ended[1] if ended else _lapsed(terms, lapses, checked),
        start.words,
        _end_words(record, start.stated),
    )


def _bounded(when: Span, links: Bounds | None) -> Span:
    """Cut a span down to what links leave of it."""
    if links is None:
        return when
    until = when.certain_until
    if until and links.certain_before:
        eve = _eve(links.certain_before)
        until = min(until, eve) if eve else None
    return replace(
        when,
        certain_until=until,
        possible_until=links.possible_until,
        until=links.words if when.until == _NO_END else f"{links.words}; {when.until}",
    )


def answer(when: Span, day: date) -> Status:
    """Tell whether a day lies in a span, and why."""
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
    """Tell whether an instrument was in force on a day: ``answer`` for its ``span``."""
    return answer(span(record, party=party, links=links), day)


def in_words(days: Days) -> str:
    """Say on which day something was, as far as that is known."""
    first, last = days
    if first and last:
        return str(first) if first == last else f"a day between {first} and {last}"
    if first:
        return f"{first} or later"
    return f"{last} or earlier" if last else "a day not recorded"


def _edtf(value: str | None) -> Edtf | None:
    try:
        return parse(value) if value else None
    except DateError:
        return None


def _stated(value: str | None) -> bool:
    return value not in (None, "none", "unknown")


def _days(value: str | None) -> Days | None:
    """Give the widened days of a value, None where it states nothing."""
    if not _stated(value):
        return None
    edtf = _edtf(value)
    return widen(edtf) if edtf else _NOT_KNOWN


def _begin_days(value: str | None) -> Days | None:
    edtf = _edtf(value)
    if edtf and edtf.form == "interval":
        return widen(edtf.starts) if edtf.starts else _NOT_KNOWN
    return _days(value)


def _interval_end(value: str | None) -> Days | None:
    edtf = _edtf(value)
    return widen(edtf.ends) if edtf and edtf.ends else None


def _every(pick: Callable[[list[date]], date], days: Sequence[date | None]) -> date | None:
    """Pick the least or greatest of days; one that is missing has no bound and wins."""
    known = [day for day in days if day]
    return pick(known) if known and len(known) == len(days) else None


def _first_known(*days: date | None) -> date | None:
    return min([day for day in days if day], default=None)


def _last_known(*days: date | None) -> date | None:
    return max([day for day in days if day], default=None)


def _start(record: Record) -> _Start:
    terms = record.terms or Terms()
    dated = (_days(record.date) or _NOT_KNOWN)[0]
    stated = _begin_days(terms.in_force)
    if stated:
        earliest = stated[0] or dated
        return _Start(earliest, (earliest, stated[1]), f"in force from {_first_words(terms)}")
    own = [_begin_days(party.in_force) for party in contracting_parties(record)]
    known = [days for days in own if days]
    if known and len(known) == len(own):
        days = (
            _every(min, [days[0] or dated for days in known]),
            _every(max, [days[1] for days in known]),
        )
        return _Start(dated, days, f"in force for every party from {in_words(days)}")
    words = "was looked for and not found" if terms.in_force else "is not recorded"
    begun = f"dated {record.date}" if record.date else "without a date"  # withdrawn
    return _Start(dated, _NOT_KNOWN, f"{begun}, and its entry into force {words}")


def _lapses(terms: Terms, stated: Days) -> list[Days]:
    """Give when the period and the term run out, unless they renew themselves."""
    if terms.renewal == "automatic":
        return []
    return [days for days in (_period_end(terms), _term_end(terms, stated)) if days]


def _period_end(terms: Terms) -> Days | None:
    edtf = _edtf(terms.period)
    if edtf is None or edtf.form != "interval":
        return _days(terms.period)
    if edtf.ends:
        return widen(edtf.ends)
    return None if edtf.text.endswith("..") else _NOT_KNOWN


def _term_end(terms: Terms, stated: Days) -> Days | None:
    if terms.term is None or terms.term in ("unknown", "indefinite"):
        return None
    try:
        length = duration(terms.term)
    except DateError:
        return _NOT_KNOWN
    first, last = stated
    return add(first, length) if first else None, add(last, length) if last else None


def _lapsed(terms: Terms, lapses: list[Days], checked: Days | None) -> date | None:
    """Give the last possible day of what is not renewed."""
    if terms.renewal != "none" or not lapses:
        return None
    return _every(max, [days[1] for days in (*lapses, checked) if days])


def _last_certain(stated: list[Days], caps: list[Days]) -> date | None:
    return _eve(_every(min, [days[0] for days in (*stated, *caps)])) if stated else None


def _eve(day: date | None) -> date | None:
    return day - timedelta(1) if day and day > date.min else None


def _left(party: Party) -> Days | None:
    return _NOT_KNOWN if party.left == "unknown" else _days(party.left)


def _departures(record: Record) -> list[Days]:
    """Give when a party left, where too few are left then."""
    parties = contracting_parties(record)
    if len(parties) > 2:
        return []
    return [days for days in map(_left, parties) if days]


def _settled(when: Span) -> Span:
    """Keep the certain days among the possible ones, or drop them both."""
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
    """Cut a span down to the days of one party."""
    begins, certain, words = _begun(party, when.certain_from)
    left, until = _left(party), when.certain_until
    if left and until:
        eve = _eve(left[0])
        until = min(until, eve) if eve else None
    return Span(
        _last_known(when.possible_from, begins),
        certain,
        until,
        _first_known(when.possible_until, left[1] if left else None),
        when.since + words,
        _with_words(when.until, f"{party.code} left {_on(party.left)}") if left else when.until,
    )


def _with_words(until: str, words: str) -> str:
    return until if words in until.split("; ") else f"{until}; {words}"


def _begun(party: Party, certain: date | None) -> tuple[date | None, date | None, str]:
    """Give a party's earliest start, the first day certain for it too, and both in words."""
    own, acceded = _begin_days(party.in_force), _days(party.acceded)
    if party.role == "observer":
        return (own or acceded or _NOT_KNOWN)[0], None, f"; {party.code} is an observer"
    if own:
        certain = max(certain, own[1]) if certain and own[1] else None
        return own[0], certain, f"; for {party.code} from {party.in_force}"
    consent = [days for days in (_days(party.signed), _days(party.ratified)) if days]
    late = (
        "unknown" in (party.in_force, party.acceded, party.ratified)
        or any(certain and days[0] and days[0] > certain for days in consent)
        or (acceded and certain and (acceded[1] is None or acceded[1] > certain))
    )
    if acceded:
        return acceded[0], None if late else certain, f"; {party.code} acceded {_on(party.acceded)}"
    words = f"; since when for {party.code} is not recorded" if late else ""
    return None, None if late else certain, words


def _end_words(record: Record, stated: Days) -> str:
    terms, words = record.terms or Terms(), []
    if _stated(terms.ended) and terms.ended != "none":
        reason = f" ({terms.end_reason})" if terms.end_reason else ""
        words.append(f"ended {_taken(terms.ended)}{reason}")
    elif terms.ended == "none":
        last = terms.checked if _stated(terms.checked) else "on a day not recorded"
        words.append(f"no end is stated, last checked {last}")
    elif terms.end_reason:
        words.append(f"{terms.end_reason} on a day not recorded")
    elif terms.ended == "unknown":
        words.append("its end was looked for and not found")
    if (lasted := _edtf(terms.in_force)) and lasted.ends:
        words.append(f"in force up to {_taken(lasted.ends.text)}")
    if terms.term == "indefinite":
        words.append("its term is indefinite")
    if limits := _limit_words(terms, stated):
        words += limits if words and not terms.renewal else [*limits, _renewal_words(terms)]
    words += _left_words(record)
    return "; ".join(words) or _NO_END


def _first_words(terms: Terms) -> str:
    edtf = _edtf(terms.in_force)
    if edtf is None or edtf.form != "interval":
        return _taken(terms.in_force)
    return _taken(edtf.starts.text) if edtf.starts else "a day not recorded"


def _taken(value: str | None) -> str:
    """Give a date as it is written, and what it counts as where that is more than it says."""
    edtf = _edtf(value)
    if edtf is None or not edtf.qualified:
        return value or ""
    first, last = widen(edtf)
    return f"{value} (counted as {first} to {last})"


def _limit_words(terms: Terms, stated: Days) -> list[str]:
    words = [f"its period is {terms.period}"] if _stated(terms.period) else []
    end = _term_end(terms, stated)
    if terms.term is None or end is None:
        return words
    try:
        length = duration(terms.term).words
    except DateError:
        length = terms.term
    if end == _NOT_KNOWN:
        return [*words, f"its term is {length} from a day not recorded"]
    return [*words, f"its term of {length} ends on {in_words(end)}"]


def _renewal_words(terms: Terms) -> str:
    return {
        "automatic": "it is renewed automatically",
        "by-agreement": "it is renewed by agreement only",
        "none": "no renewal is foreseen",
        "unknown": "its renewal was looked for and not found",
    }.get(terms.renewal or "", "its renewal is not recorded")


def _left_words(record: Record) -> list[str]:
    gone = [f"{party.code} left {_on(party.left)}" for party in record.parties if party.left]
    if len(gone) <= _NAMED:
        return gone
    return [f"{len(gone)} of its {len(record.parties)} parties left"]


def _on(day: str | None) -> str:
    return day if day and day != "unknown" else "on a day not recorded"
