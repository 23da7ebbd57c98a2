"""HC60: how long an instrument lasts."""

from collections.abc import Iterator
from datetime import timedelta

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, rule
from healthcoop.checks.rules.dates import parsed
from healthcoop.files.edits import Remove, Replace
from healthcoop.model import dates
from healthcoop.model.dates import Days
from healthcoop.model.record import Terms

_OWN_DATES = ("signed", "ratified", "acceded", "in_force", "left", "extended_to")


@rule(
    "HC601",
    "terms-of-encounter",
    reads="type parties terms",
    needs=[
        "terms",
        "parties.signed",
        "parties.ratified",
        "parties.acceded",
        "parties.in_force",
        "parties.left",
        "parties.extended_to",
    ],
)
def terms_of_encounter(checked: CheckedRecord) -> Iterator[Problem]:
    """Only an instrument has terms, and parties that sign, ratify, accede or leave.

    A meeting is over when it is over; what was signed there lasts, and is a record of its own. In
    force or not is asked of instruments alone.

    Fails:

        type: visit
        terms: {term: P5Y}

    Passes:

        type: mou
        terms: {term: P5Y}
    """
    if checked.kind != "encounter":
        return
    hint = "Make the instrument signed there a record of its own, with a link “signed-at”."
    if checked.record.terms:
        message = f"A {checked.record.type} has no terms: it is an encounter."
        yield Problem(message=message, hint=hint, pointer=("terms",), on_key=True)
    for number, party in enumerate(checked.record.parties):
        for name in _OWN_DATES:
            if getattr(party, name):
                message = (
                    f"“{name}” is for parties to an instrument; this is a {checked.record.type}."
                )
                yield Problem(
                    message=message, hint=hint, pointer=("parties", number, name), on_key=True
                )


@rule("HC602", "unknown-needs-checked", reads="terms", needs=["terms"])
def unknown_needs_checked(checked: CheckedRecord) -> Iterator[Problem]:
    """`ended: none` and `unknown` say that somebody looked; `checked` says on which day.

    Nothing lasts for ever because somebody once wrote so: after the day of `checked` the answer is
    only “possibly in force”. A missing key says that nobody has looked, and needs no day.

    Fails:

        terms: {ended: none}

    Passes:

        terms: {ended: none, checked: "2026-11-21"}
    """
    terms = checked.record.terms
    if terms is None or terms.checked:
        return
    for name in terms.__slots__:
        value = getattr(terms, name)
        if value == "unknown" or (name == "ended" and value == "none"):
            yield Problem(
                message=f"“{name}: {value}” says that somebody looked, but not when.",
                hint="Add “checked:” with the day; or remove the line if nobody has looked.",
                pointer=("terms", name),
            )


@rule("HC603", "end-reason-without-end", reads="terms", needs=["terms"])
def end_reason_without_end(checked: CheckedRecord) -> Iterator[Problem]:
    """A reason for the end needs an end.

    Without one nobody can tell whether it still holds. `ended: unknown` will do where the source
    says that it ended, but not when.

    Fails:

        terms: {end_reason: terminated}

    Passes:

        terms: {ended: "2023-01-31", end_reason: terminated}
    """
    terms = checked.record.terms
    if terms and terms.end_reason and terms.ended in (None, "none"):
        yield Problem(
            message=f"“end_reason: {terms.end_reason}” stands without an end.",
            hint="Give “ended:” the day (or unknown), or remove the reason.",
            pointer=("terms", "end_reason"),
        )


@rule("HC604", "period-from-to", reads="terms", needs=["terms"])
def period_from_to(checked: CheckedRecord) -> Iterator[Problem]:
    """The period is the time that the instrument gives itself: from a to b, or one year.

    `[a..b]` means one day among these, and a single day is no period: `2025/2026` says that it is
    for the two years. The day of entry into force is `in_force`, the last day `ended`.

    Fails:

        terms: {period: "[2023..2024]"}

    Passes:

        terms: {period: "2023/2024"}
    """
    terms = checked.record.terms
    when = parsed(terms.period) if terms and terms.period else None
    if terms is None or when is None or not (when.form == "set" or when.precision == "day"):
        return
    first, _, last = when.text.strip("[]").partition("..")
    both = bool(first and last)
    yield Problem(
        message=f"“{when.text}” is one day, not a time from a day to another.",
        hint=f"Write “{first}/{last}”." if both else "Write both ends: 2025-01-01/2026-12-31.",
        pointer=("terms", "period"),
        edits=(Replace(("terms", "period"), f"{first}/{last}"),) if both else (),
    )


@rule("HC605", "expired-without-term", reads="terms", needs=["terms"], severity=Severity.NOTE)
def expired_without_term(checked: CheckedRecord) -> Iterator[Problem]:
    """An instrument expires when its own time is over, so it had one.

    Give `term` or `period`, or `term: unknown` with the day of `checked` where the text does not
    say. One that was ended before its time, or without a time, was terminated or superseded.

    Fails:

        terms: {ended: "2023-01-31", end_reason: expired}

    Passes:

        type: mou
        date: "2020-01-31"
        terms: {in_force: "2020-01-31", term: P3Y, ended: "2023-01-31", end_reason: expired}
    """
    terms = checked.record.terms
    if terms and terms.end_reason == "expired" and not terms.term and not terms.period:
        if terms.ended in (None, "none"):
            return  # HC603 says so
        yield Problem(
            message="It expired, but neither “term” nor “period” says what time it had.",
            hint="Add one of them (“term: unknown” if the text is silent), or another reason.",
            pointer=("terms", "end_reason"),
        )


@rule("HC606", "end-and-term", reads="terms", needs=["terms"], severity=Severity.WARNING)
def end_and_term(checked: CheckedRecord) -> Iterator[Problem]:
    """The end and its reason agree with the term, the period and the renewal.

    What expired did so at the end of its time, not earlier, and did not renew itself; what is not
    renewed ends then, not later. A term runs from entry into force, where that is known.
    Differences of a month and less are let be.

    Fails:

        type: mou
        date: "2020-01-31"
        terms: {in_force: "2020-01-31", term: P5Y, ended: "2022-01-31", end_reason: expired}

    Passes:

        type: mou
        date: "2020-01-31"
        terms: {in_force: "2020-01-31", term: P5Y, ended: "2022-01-31", end_reason: terminated}
    """
    terms = checked.record.terms
    ended = parsed(terms.ended) if terms and terms.ended else None
    if terms is None or ended is None:
        return
    if terms.end_reason == "expired" and (
        terms.renewal == "automatic" or terms.term == "indefinite"
    ):
        what = "renews itself" if terms.renewal == "automatic" else "has no end of its own"
        yield Problem(
            message=f"It expired, and yet it {what}.",
            hint="Look up how it ended: terminated or superseded?",
            pointer=("terms", "end_reason"),
        )
        return
    earliest, latest = _time_over(terms)
    if (
        terms.end_reason == "expired"
        and earliest
        and (ended.latest or earliest) < earliest - _MONTH
    ):
        yield Problem(
            message=f"It expired on {terms.ended}; its time was not over before {earliest}.",
            hint="Look up how it ended (terminated, superseded?), or when.",
            pointer=("terms", "ended"),
        )
    if terms.renewal == "none" and latest and (ended.earliest or latest) > latest + _MONTH:
        yield Problem(
            message=f"It ended on {terms.ended}; its time was over by {latest}, without renewal.",
            hint="Look up the end, the term and the renewal.",
            pointer=("terms", "ended"),
        )


@rule("HC607", "renewal-term-without-renewal", reads="terms", needs=["terms"])
def renewal_term_without_renewal(checked: CheckedRecord) -> Iterator[Problem]:
    """What is renewed for some years is renewed: `renewal_term` needs a `renewal`.

    `automatic` goes on unless somebody gives notice, `by-agreement` only when both sides say so.
    Between the two lies whether it is in force today.

    Fails:

        terms: {term: P5Y, renewal_term: P5Y}

    Passes:

        terms: {term: P5Y, renewal: automatic, renewal_term: P5Y}
    """
    terms = checked.record.terms
    if terms and terms.renewal_term and terms.renewal in (None, "none"):
        none = terms.renewal == "none"
        at = ("terms", "renewal_term")
        yield Problem(
            message=f"It is renewed for {terms.renewal_term}, but "
            + ("“renewal” is none." if none else "“renewal” does not say how."),
            hint="Write “renewal: automatic” or “renewal: by-agreement”, or remove the term.",
            pointer=at,
            on_key=True,
            edits=(Remove(at),) if none else (),
        )


@rule("HC608", "indefinite-renewed", reads="terms", needs=["terms"], severity=Severity.WARNING)
def indefinite_renewed(checked: CheckedRecord) -> Iterator[Problem]:
    """What runs for an indefinite time has no end to be renewed at.

    An instrument “concluded for five years and extended automatically” has `term: P5Y` and
    `renewal: automatic`; one that holds until somebody ends it has `term: indefinite` alone, and
    its `notice`.

    Fails:

        terms: {term: indefinite, renewal: automatic}

    Passes:

        terms: {term: indefinite, notice: P6M}
    """
    terms = checked.record.terms
    if terms is None or terms.term != "indefinite":
        return
    period = parsed(terms.period) if terms.period else None
    if terms.renewal in ("automatic", "by-agreement"):
        name, value = "renewal", terms.renewal
    elif period and period.latest:
        name, value = "period", period.text
    else:
        return
    yield Problem(
        message=f"The term is indefinite, and yet there is “{name}: {value}”.",
        hint="Keep the one that the text says.",
        pointer=("terms", name),
    )


@rule("HC609", "term-and-period", reads="terms", needs=["terms"], severity=Severity.WARNING)
def term_and_period(checked: CheckedRecord) -> Iterator[Problem]:
    """Where an instrument has a term and a period, the period is as long as the term.

    `2026/2030` are five years, both ends included. Differences of a month and less are let be.

    Fails:

        terms: {term: P5Y, period: "2026/2028"}

    Passes:

        terms: {term: P5Y, period: "2026/2030"}
    """
    terms = checked.record.terms
    if terms is None or not terms.term or not terms.period:
        return
    period, length = parsed(terms.period), _length(terms.term)
    if period is None or length is None or period.precision == "day":
        return  # HC604 says that a day is no period
    starts, ends = (period, period) if period.form == "date" else (period.starts, period.ends)
    if not (starts and ends and starts.earliest and starts.latest and ends.earliest):
        return
    least, most = dates.add(starts.earliest, length), dates.add(starts.latest, length)
    if ends.latest and (most + _MONTH < ends.earliest or least - _MONTH > ends.latest):
        yield Problem(
            message=f"A term of {terms.term} and the period {terms.period} are not equally long.",
            hint="Look both up in the text; keep one if it says only one.",
            pointer=("terms", "period"),
        )


@rule("HC610", "over-without-end", reads="terms", needs=["terms"], severity=Severity.WARNING)
def over_without_end(checked: CheckedRecord) -> Iterator[Problem]:
    """`ended: none` says that it went on; what is not renewed is over when its time is.

    Either it was renewed, or it ended. Whoever checked it after that time should know which.

    Fails:

        terms: {period: "2023/2024", renewal: none, ended: none, checked: "2026-11-21"}

    Passes:

        terms: {period: "2023/2024", renewal: none, ended: "2024-12-31", end_reason: expired}
    """
    terms = checked.record.terms
    if terms is None or terms.ended != "none" or terms.renewal != "none":
        return
    latest, looked = _time_over(terms)[1], parsed(terms.checked)
    if latest and looked and looked.earliest and looked.earliest > latest:
        yield Problem(
            message=f"It had not ended on {terms.checked}, but its time was over by {latest}, "
            "without renewal.",
            hint="Give “ended:” its day, or say how it was renewed.",
            pointer=("terms", "ended"),
        )


@rule("HC611", "length-form", reads="terms", needs=["terms"])
def length_form(checked: CheckedRecord) -> Iterator[Problem]:
    """A length of time is in whole years, months and days, or in weeks: `P5Y`, `P2Y6M`, `P4W`.

    Nothing at all (`P0Y`) is no length; weeks stand alone. A text without a term has no `term`, one
    that says it has no end `term: indefinite`.

    Fails:

        terms: {term: P0Y}

    Passes:

        terms: {term: P2Y6M}
    """
    terms = checked.record.terms
    if terms is None:
        return
    for name in ("term", "renewal_term", "notice"):
        text = getattr(terms, name)
        if not text or text in _NO_LENGTH:
            continue
        try:
            dates.duration(text)
        except dates.DateError as error:
            yield Problem(message=error.message, hint=error.hint, pointer=("terms", name))


@rule(
    "HC612",
    "period-before-signature",
    reads="date terms",
    needs=["terms"],
    severity=Severity.WARNING,
)
def period_before_signature(checked: CheckedRecord) -> Iterator[Problem]:
    """A plan is signed before its period is over.

    Most often a year is mistyped, or the period is that of the plan before.

    Fails:

        type: mou
        date: "2022-10-07"
        terms: {period: "2012/2013"}

    Passes:

        type: mou
        date: "2022-10-07"
        terms: {period: "2022/2023"}
    """
    terms = checked.record.terms
    if terms is None or not terms.period:
        return
    period, made = parsed(terms.period), parsed(checked.record.date)
    if period and made and period.latest and made.earliest and period.latest < made.earliest:
        yield Problem(
            message=f"The period {terms.period} was over before it was made, {made.text}.",
            hint="Look both up in the source.",
            pointer=("terms", "period"),
        )


_MONTH = timedelta(31)
_NO_LENGTH = frozenset({"indefinite", "unknown"})


def _length(text: str | None) -> dates.Duration | None:
    if not text or text in _NO_LENGTH:
        return None
    try:
        return dates.duration(text)
    except dates.DateError:
        return None


def _time_over(terms: Terms) -> Days:
    """Give the earliest and latest day on which the time that the text gives itself is over.

    The later of period and term counts, as in ``model.status``; a term needs an entry into force.
    """
    found: list[Days] = []
    period = parsed(terms.period) if terms.period else None
    if period and (ends := period.ends if period.form == "interval" else period):
        found.append((ends.earliest, ends.latest))
    length, begun = _length(terms.term), parsed(terms.in_force)
    if length and begun and begun.earliest and begun.latest:
        found.append((dates.add(begun.earliest, length), dates.add(begun.latest, length)))
    earliest = [first for first, _ in found if first]
    latest = [last for _, last in found if last]
    return max(earliest, default=None), max(latest, default=None)
