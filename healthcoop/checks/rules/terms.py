"""HC60: the terms of an instrument: entry into force, term, renewal and end."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import wraps

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, parsed, rule
from healthcoop.files.fixes import Remove, Replace
from healthcoop.model import dates
from healthcoop.model.dates import Days
from healthcoop.model.record import Terms
from healthcoop.model.spec import ORDER, fields_of, names

_PARTY_FIELDS = [field.name for field in fields_of("parties") if field.instruments]
_PARTY_PATHS = [f"parties.{name}" for name in _PARTY_FIELDS]
_TOLERANCE = timedelta(31)

_TermsCheck = Callable[[Terms], Iterator[Problem]]


def _terms_rule(
    code: str, name: str, *, on: str, severity: Severity = Severity.ERROR
) -> Callable[[_TermsCheck], _TermsCheck]:
    """Register a function that checks the terms of each record that has some."""

    def register(check: _TermsCheck) -> _TermsCheck:
        @rule(code, name, on=on, severity=severity)
        @wraps(check)
        def check_record(checked: CheckedRecord) -> Iterator[Problem]:
            return check(checked.record.terms) if checked.record.terms else iter(())

        return check

    return register


@rule("HC601", "terms-of-encounter", on=" ".join(["terms", *_PARTY_PATHS]), reads="type")
def terms_of_encounter(checked: CheckedRecord) -> Iterator[Problem]:
    """Only instruments have terms, and parties that sign, ratify, accede or leave.

    An encounter is over when it is over. What was signed there is an instrument with a record of
    its own, and only instruments are counted as in force.

    Fails:

        type: visit
        terms: {term: P5Y}

    Passes:

        type: mou
        terms: {term: P5Y}
    """
    if checked.kind != "encounter":
        return
    hint = "Create a record of the instrument, link it with “rel: signed-at”, and move this there."
    if checked.record.terms:
        message = f"This record is a {checked.record.type}, which cannot have terms."
        yield Problem(message, hint, ("terms",), on_key=True)
    for name in _PARTY_FIELDS:
        message = f"“{name}” is for instruments, but this is a {checked.record.type}."
        for pointer, _ in checked.each(f"parties.{name}"):
            yield Problem(message, hint, pointer, on_key=True)


_NONE = names(lambda field: "none" in field.words)


@_terms_rule("HC602", "unknown-needs-checked", on="terms")
def unknown_needs_checked(terms: Terms) -> Iterator[Problem]:
    """`none` of a date and `unknown` need `checked`, the day on which somebody looked.

    `ended: none` is true on that day; from then on the instrument is only “possibly in force”. A
    missing field means that nobody has looked, and needs no day.

    Fails:

        terms: {ended: none}

    Passes:

        terms: {ended: none, checked: "2026-11-21"}
    """
    for name in () if terms.checked else ORDER["terms"]:
        value = getattr(terms, name)
        if value == "unknown" or (value == "none" and name in _NONE):
            message = (
                f"“{name}: {value}” means that somebody looked, but “checked” does not say when."
            )
            hint = "Add a line “checked:” with that day, or remove this line if nobody has looked."
            yield Problem(message, hint, ("terms", name))


@_terms_rule("HC603", "end-reason-without-end", on="terms.end_reason")
def end_reason_without_end(terms: Terms) -> Iterator[Problem]:
    """`end_reason` needs `ended`.

    Without it, nobody knows whether the instrument is still in force. Write `ended: unknown` where
    the source states that it ended, but not when.

    Fails:

        terms: {end_reason: terminated}

    Passes:

        terms: {ended: "2023-01-31", end_reason: terminated}
    """
    if terms.end_reason and terms.ended in (None, "none"):
        ended = f"“ended” is {terms.ended or 'missing'}"
        message = f"“end_reason” is “{terms.end_reason}”, but {ended}."
        hint = "Write the day after “ended:” (or “unknown”), or remove the reason."
        yield Problem(message, hint, ("terms", "end_reason"))


@_terms_rule("HC604", "period-from-to", on="terms.period")
def period_from_to(terms: Terms) -> Iterator[Problem]:
    """`period` is the time for which an instrument is made: from a to b, or one year.

    `[a..b]` means one day among these, and one day is not a period: `2025/2026` means both years.
    The day of entry into force is `in_force`, the last day `ended`.

    Fails:

        terms: {period: "[2023..2024]"}

    Passes:

        terms: {period: "2023/2024"}
    """
    period = parsed(terms.period)
    if period is None or not (period.form == "set" or period.precision == "day"):
        return
    first, _, last = period.text.strip("[]").partition("..")
    better = f"{first}/{last}" if first and last else ""
    message = f"“{period.text}” means one day, but a period has a first and a last day."
    hint = f"Write “{better}”." if better else "Write both days, as in 2025-01-01/2026-12-31."
    pointer = ("terms", "period")
    yield Problem(message, hint, pointer, edits=(Replace(pointer, better),) if better else ())


@rule(
    "HC605", "expired-without-term", on="terms.end_reason", reads="sources", severity=Severity.NOTE
)
def expired_without_term(checked: CheckedRecord) -> Iterator[Problem]:
    """An instrument that expired had a `term` or a `period`.

    Where the text states neither, write `term: unknown` with the day of `checked`. An instrument
    that was ended before its time was terminated or superseded. Where all sources are of the kind
    `database` there is no note: a register states that a text expired, and seldom its term.

    Fails:

        terms: {ended: "2023-01-31", end_reason: expired}

    Passes:

        type: mou
        date: "2020-01-31"
        terms: {in_force: "2020-01-31", term: P3Y, ended: "2023-01-31", end_reason: expired}
    """
    terms = checked.record.terms
    if terms is None or terms.end_reason != "expired" or terms.term or terms.period:
        return
    if all(source.kind == "database" for source in checked.record.sources):
        return
    if terms.ended not in (None, "none"):  # HC603 reports these
        message = "The instrument expired, but there is no “term” and no “period”."
        hint = "Add one of them (“term: unknown” if the text has none), or change the reason."
        yield Problem(message, hint, ("terms", "end_reason"))


@_terms_rule("HC606", "end-and-term", on="terms.ended", severity=Severity.WARNING)
def end_and_term(terms: Terms) -> Iterator[Problem]:
    """The end and its reason agree with the term, the period and the renewal.

    An instrument that expired did so at the end of its time, not earlier, and without automatic
    renewal; one that is not renewed ends then, not later. A term counts from entry into force,
    where that is known. Differences of up to a month are ignored.

    Fails:

        type: mou
        date: "2020-01-31"
        terms: {in_force: "2020-01-31", term: P5Y, ended: "2022-01-31", end_reason: expired}

    Passes:

        type: mou
        date: "2020-01-31"
        terms: {in_force: "2020-01-31", term: P5Y, ended: "2022-01-31", end_reason: terminated}
    """
    ended, expired = parsed(terms.ended), terms.end_reason == "expired"
    if ended is None:
        return
    if expired and (terms.renewal == "automatic" or terms.term == "indefinite"):
        field = "renewal: automatic" if terms.renewal == "automatic" else "term: indefinite"
        message = f"“end_reason: expired” contradicts “{field}”."
        hint = "Check in the source how it ended: was it terminated or superseded?"
        yield Problem(message, hint, ("terms", "end_reason"))
        return
    earliest, latest = _time_over(terms)
    if expired and earliest and (ended.latest or earliest) < earliest - _TOLERANCE:
        message = f"It expired ({terms.ended}), but its term runs to {earliest} or longer."
        hint = "Check in the source when it ended, and whether it was terminated or superseded."
        yield Problem(message, hint, ("terms", "ended"))
    if terms.renewal == "none" and latest and (ended.earliest or latest) > latest + _TOLERANCE:
        message = f"The end ({terms.ended}) is after that of the term ({latest}), without renewal."
        hint = "Check the end, the term and the renewal in the source."
        yield Problem(message, hint, ("terms", "ended"))


@_terms_rule("HC607", "renewal-term-without-renewal", on="terms.renewal_term")
def renewal_term_without_renewal(terms: Terms) -> Iterator[Problem]:
    """`renewal_term` needs a `renewal`.

    `automatic` renews the instrument unless somebody gives notice, `by-agreement` only when both
    sides agree. Whether it is in force today depends on which.

    Fails:

        terms: {term: P5Y, renewal_term: P5Y}

    Passes:

        terms: {term: P5Y, renewal: automatic, renewal_term: P5Y}
    """
    if terms.renewal_term and terms.renewal in (None, "none"):
        pointer, how = ("terms", "renewal_term"), terms.renewal or "missing"
        message = f"“renewal_term” is {terms.renewal_term}, but “renewal” is {how}."
        hint = "Write “renewal: automatic” or “renewal: by-agreement”, or remove this line."
        edits = (Remove(pointer),) if terms.renewal else ()
        yield Problem(message, hint, pointer, on_key=True, edits=edits)


@_terms_rule("HC608", "indefinite-renewed", on="terms.term", severity=Severity.WARNING)
def indefinite_renewed(terms: Terms) -> Iterator[Problem]:
    """An instrument with an indefinite term has no end, so it is not renewed.

    One “concluded for five years and extended automatically” has `term: P5Y` and
    `renewal: automatic`; one that lasts until somebody ends it has only `term: indefinite`, and
    its `notice`.

    Fails:

        terms: {term: indefinite, renewal: automatic}

    Passes:

        terms: {term: indefinite, notice: P6M}
    """
    period = parsed(terms.period)
    if terms.term != "indefinite":
        return
    if terms.renewal in ("automatic", "by-agreement"):
        name, value = "renewal", terms.renewal
    elif period and period.latest:
        name, value = "period", period.text
    else:
        return
    message = f"“{name}: {value}” contradicts “term: indefinite”."
    hint = "Check the text of the instrument, and remove the line that is wrong."
    yield Problem(message, hint, ("terms", name))


@_terms_rule("HC609", "term-and-period", on="terms.period", severity=Severity.WARNING)
def term_and_period(terms: Terms) -> Iterator[Problem]:
    """Where an instrument has a term and a period, both are equally long.

    `2026/2030` is five years, both ends included. Differences of up to a month are ignored.

    Fails:

        terms: {term: P5Y, period: "2026/2028"}

    Passes:

        terms: {term: P5Y, period: "2026/2030"}
    """
    period, length = parsed(terms.period), _length(terms.term)
    if period is None or length is None or period.precision == "day":
        return  # HC604 reports a day
    starts, ends = (period, period) if period.form == "date" else (period.starts, period.ends)
    if not (starts and ends and starts.earliest and starts.latest and ends.earliest):
        return
    first, last = dates.add(starts.earliest, length), dates.add(starts.latest, length)
    if ends.latest and (last + _TOLERANCE < ends.earliest or first - _TOLERANCE > ends.latest):
        message = f"The term {terms.term} and the period {terms.period} are not equally long."
        hint = "Check both in the text; remove one if it states only the other."
        yield Problem(message, hint, ("terms", "period"))


@_terms_rule("HC610", "over-without-end", on="terms.ended", severity=Severity.WARNING)
def over_without_end(terms: Terms) -> Iterator[Problem]:
    """An instrument with `renewal: none` cannot have `ended: none` after its time is over.

    Either it was renewed, or it ended: a check after that time can establish which.

    Fails:

        terms: {period: "2023/2024", renewal: none, ended: none, checked: "2026-11-21"}

    Passes:

        terms: {period: "2023/2024", renewal: none, ended: "2024-12-31", end_reason: expired}
    """
    if terms.ended != "none" or terms.renewal != "none":
        return
    latest, checked = _time_over(terms)[1], parsed(terms.checked)
    if latest and checked and checked.earliest and checked.earliest > latest:
        message = f"Its term ended by {latest}, without renewal, but it has “ended: none”."
        hint = "Write the day after “ended:”, or how it was renewed after “renewal:”."
        yield Problem(message, hint, ("terms", "ended"))


@_terms_rule("HC611", "length-form", on="terms.term terms.renewal_term terms.notice")
def length_form(terms: Terms) -> Iterator[Problem]:
    """A duration is in whole years, months and days, or in weeks: `P5Y`, `P2Y6M`, `P4W`.

    It cannot be zero (`P0Y`), and weeks are not mixed with other units. A text that states no term
    has no `term`; one that states that it has no end has `term: indefinite`.

    Fails:

        terms: {term: P0Y}

    Passes:

        terms: {term: P2Y6M}
    """
    for name in ("term", "renewal_term", "notice"):
        try:
            _duration(getattr(terms, name))
        except dates.DateError as error:
            yield Problem(error.message, error.hint, ("terms", name))


@rule(
    "HC612", "period-before-signature", on="terms.period", reads="date", severity=Severity.WARNING
)
def period_before_signature(checked: CheckedRecord) -> Iterator[Problem]:
    """An instrument is signed before its period is over.

    Usually a year is mistyped, or the period is that of an earlier plan.

    Fails:

        type: mou
        date: "2022-10-07"
        terms: {period: "2012/2013"}

    Passes:

        type: mou
        date: "2022-10-07"
        terms: {period: "2022/2023"}
    """
    terms, signed = checked.record.terms, parsed(checked.record.date)
    period = parsed(terms.period) if terms else None
    if period and signed and period.latest and signed.earliest and period.latest < signed.earliest:
        message = f"The period {period.text} was over before it was signed, {signed.text}."
        hint = "Check both dates in the source."
        yield Problem(message, hint, ("terms", "period"))


def _duration(text: str | None) -> dates.Duration | None:
    """Return a duration; None for one that is missing or a word. Raises DateError."""
    return dates.duration(text) if text and text not in ("indefinite", "unknown") else None


def _length(text: str | None) -> dates.Duration | None:
    try:
        return _duration(text)
    except dates.DateError:  # HC611 reports it
        return None


def _time_over(terms: Terms) -> Days:
    """Return the earliest and latest day on which the instrument's own time is over.

    The later of period and term counts, as in ``model.status``; a term needs an entry into force.
    """
    ends: list[Days] = []
    period = parsed(terms.period)
    if period and (end := period.ends if period.form == "interval" else period):
        ends.append((end.earliest, end.latest))
    length, start = _length(terms.term), parsed(terms.in_force)
    if length and start and start.earliest and start.latest:
        ends.append((dates.add(start.earliest, length), dates.add(start.latest, length)))
    return (
        max((first for first, _ in ends if first), default=None),
        max((last for _, last in ends if last), default=None),
    )
