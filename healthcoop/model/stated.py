"""What a record states about the start and the end of an instrument, as days and in words.

Days are a pair of the earliest and the latest possible, widened where the text is qualified; None
in it stands for no bound, None instead of it for a value that states nothing (``unknown``, ``none``
or absent). A text that is not a date states a day, but not which.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from healthcoop.model.dates import DateError, Days, Edtf, add, duration, read, widen
from healthcoop.model.record import Party, Record, Terms

NOT_KNOWN: Days = (None, None)
NO_END = "its end is not recorded"
_NAMED = 3
"""How many parties that left a reason names."""
_TWO = 2


@dataclass(frozen=True, slots=True)
class Start:
    """The earliest possible start; the earliest and latest stated one; the same in words."""

    possible: date | None
    stated: Days
    words: str


def _edtf(value: str | None) -> Edtf | None:
    return read(value) if value else None


def is_stated(value: str | None) -> bool:
    """Return whether a value states anything."""
    return value not in (None, "none", "unknown")


def stated_days(value: str | None) -> Days | None:
    """Return the widened days of a value; None where it states nothing."""
    if not is_stated(value):
        return None
    edtf = _edtf(value)
    return widen(edtf) if edtf else NOT_KNOWN


def begin_days(value: str | None) -> Days | None:
    """Return the widened days of a date, or of the first day of an interval."""
    edtf = _edtf(value)
    if edtf and edtf.form == "interval":
        return widen(edtf.starts) if edtf.starts else NOT_KNOWN
    return stated_days(value)


def interval_end(value: str | None) -> Days | None:
    """Return the widened last days of an interval; None for anything else."""
    edtf = _edtf(value)
    return widen(edtf.ends) if edtf and edtf.ends else None


def bilateral(record: Record) -> bool:
    """Return whether an instrument has at most two sides."""
    return len(record.sides) <= _TWO


def not_before(checked: str | None) -> date | None:
    """Return the day after a check that found no consent or entry into force."""
    first = (stated_days(checked) or NOT_KNOWN)[0]
    return first + timedelta(1) if first and first < date.max else None


def stated_start(record: Record) -> Start:
    """Return the start of an instrument: of its terms, else of its sides, else its date.

    The possible start is that of provisional application where this is earlier.
    """
    terms = record.terms or Terms()
    dated = (stated_days(record.date) or NOT_KNOWN)[0]
    entry = _entry_into_force(record, terms, dated)
    provisional = begin_days(terms.provisional)
    if provisional:
        first = _earliest(provisional, dated)
        words = f"applied provisionally from {_begin_in_words(terms.provisional)}"
        if entry:
            first = bound_of_all(min, [first, entry.possible])
            return Start(first, entry.stated, f"{words}; {entry.words}")
        return Start(first, NOT_KNOWN, f"{words}; {_no_entry_in_words(terms)}")
    if entry:
        return entry
    if terms.in_force == "none":
        dated = max(filter(None, [dated, not_before(terms.checked)]), default=None)
    begun = f"dated {record.date}" if record.date else "without a date"  # withdrawn
    return Start(dated, NOT_KNOWN, f"{begun}, and {_no_entry_in_words(terms)}")


def _entry_into_force(record: Record, terms: Terms, dated: date | None) -> Start | None:
    """Return the start that the terms state, else all sides, or one of two; None without any."""
    stated = begin_days(terms.in_force)
    if stated:
        first = _earliest(stated, dated)
        words = f"in force from {_begin_in_words(terms.in_force)}"
        return Start(first, (first, stated[1]), words)
    own = [begin_days(party.in_force) for party in record.sides]
    known = [days for days in own if days]
    partial = len(known) < len(own)
    if terms.in_force == "none" or not known or (partial and len(own) > _TWO):
        return None
    days = (
        bound_of_all(min, [_earliest(days, dated) for days in known]),
        None if partial else bound_of_all(max, [days[1] for days in known]),
    )
    if partial:
        words = f"in force for one of two sides from {in_words((days[0], known[0][1]))}"
    else:
        words = f"in force for every side from {in_words(days)}"
    return Start(days[0], days, words)


def _earliest(start: Days, dated: date | None) -> date | None:
    """Return the earliest day of a start; of one that has none, the date if this is before it."""
    first, last = start
    return first or (min(dated, last) if dated and last else dated)


def _no_entry_in_words(terms: Terms) -> str:
    if terms.in_force == "none":
        return f"not yet in force, last checked {on_day(terms.checked)}"
    words = "was searched for and not found" if terms.in_force else "is not recorded"
    return f"its entry into force {words}"


def lapses_of(terms: Terms, stated: Days) -> list[Days]:
    """Return when the period and the first term run out."""
    return [days for days in (_period_end(terms), _term_end(terms, stated)) if days]


def _period_end(terms: Terms) -> Days | None:
    edtf = _edtf(terms.period)
    if edtf is None or edtf.form != "interval":
        return stated_days(terms.period)
    if edtf.ends:
        return widen(edtf.ends)
    return None if edtf.text.endswith("..") else NOT_KNOWN


def _term_end(terms: Terms, stated: Days) -> Days | None:
    if terms.term is None or terms.term in ("unknown", "indefinite"):
        return None
    try:
        length = duration(terms.term)
    except DateError:
        return NOT_KNOWN
    first, last = stated
    return add(first, length) if first else None, add(last, length) if last else None


def left_days(party: Party) -> Days | None:
    """Return the days on which a party may have left; None for one that did not."""
    return NOT_KNOWN if party.left == "unknown" else stated_days(party.left)


def bound_of_all(pick: Callable[[list[date]], date], days: Sequence[date | None]) -> date | None:
    """Return the least or greatest of days; None where one is missing, as it has no bound."""
    known = [day for day in days if day]
    return pick(known) if known and len(known) == len(days) else None


def in_words(days: Days) -> str:
    """Describe a day as far as it is known."""
    first, last = days
    if first and last:
        return str(first) if first == last else f"a day between {first} and {last}"
    if first:
        return f"{first} or later"
    return f"{last} or earlier" if last else "a day not recorded"


def end_in_words(record: Record, stated: Days) -> str:
    """Describe what a record states about the end of its instrument."""
    terms, words = record.terms or Terms(), []
    if is_stated(terms.ended):
        reason = f" ({terms.end_reason})" if terms.end_reason else ""
        words.append(f"ended {_as_counted(terms.ended)}{reason}")
    elif terms.ended == "none":
        last = terms.checked if is_stated(terms.checked) else "on a day not recorded"
        words.append(f"no end is stated, last checked {last}")
    elif terms.end_reason:
        words.append(f"{terms.end_reason} on a day not recorded")
    elif terms.ended == "unknown":
        words.append("its end was searched for and not found")
    if (lasted := _edtf(terms.in_force)) and lasted.ends:
        words.append(f"in force up to {_as_counted(lasted.ends.text)}")
    if terms.term == "indefinite":
        words.append("its term is indefinite")
    if limits := _limits_in_words(terms, stated):
        words += limits if words and not terms.renewal else [*limits, _renewal_in_words(terms)]
    words += _departures_in_words(record)
    return "; ".join(words) or NO_END


def _begin_in_words(value: str | None) -> str:
    edtf = _edtf(value)
    if edtf is None or edtf.form != "interval":
        return _as_counted(value)
    return _as_counted(edtf.starts.text) if edtf.starts else "a day not recorded"


def _as_counted(value: str | None) -> str:
    """Return a date as written, with the days it counts as where it is qualified."""
    edtf = _edtf(value)
    if edtf is None or not edtf.qualified:
        return value or ""
    first, last = widen(edtf)
    return f"{value} (counted as {first} to {last})"


def _limits_in_words(terms: Terms, stated: Days) -> list[str]:
    words = [f"its period is {terms.period}"] if is_stated(terms.period) else []
    end = _term_end(terms, stated)
    if terms.term is None or end is None:
        return words
    try:
        length = duration(terms.term).words
    except DateError:
        length = terms.term
    if end == NOT_KNOWN:
        return [*words, f"its term is {length} from a day not recorded"]
    return [*words, f"its term of {length} ends on {in_words(end)}"]


def _renewal_in_words(terms: Terms) -> str:
    return {
        "automatic": "it is renewed automatically",
        "by-agreement": "it is renewed by agreement only",
        "none": "no renewal is foreseen",
        "unknown": "its renewal was searched for and not found",
    }.get(terms.renewal or "", "its renewal is not recorded")


def _departures_in_words(record: Record) -> list[str]:
    left = [f"{party.code} left {on_day(party.left)}" for party in record.parties if party.left]
    if len(left) <= _NAMED:
        return left
    return [f"{len(left)} of its {len(record.parties)} parties left"]


def on_day(day: str | None) -> str:
    """Return a stated date, or words for an unknown one."""
    return day if day and day != "unknown" else "on a day not recorded"
