"""HC4: the order of dates, and how long events last."""

from collections.abc import Iterator
from datetime import date

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, parsed, rule
from healthcoop.model import dates

_HINT = "Check both dates in the source."
_HINT_ACCEPT = (
    "Check the source; if it confirms this, accept this note "
    "(“healthcoop validate --explain HC901” shows how)."
)


@rule(
    "HC403",
    "date-order",
    on="terms.ended terms.checked parties.acceded parties.left sources.accessed",
    reads="date",
)
def date_order(checked: CheckedRecord) -> Iterator[Problem]:
    """Nothing ends before it begins, and no page is read before it is published.

    An instrument ends, and its terms are checked, after it was signed; a party accedes to a text
    that exists already, and leaves after it was bound. Two dates are in the wrong order only if
    every day that one can mean is before every day that the other can. One of the two is mistyped,
    or belongs to another text.

    Fails:

        type: mou
        date: "2022-10-07"
        terms: {ended: "2021-10-07"}

    Passes:

        type: mou
        date: "2022-10-07"
        terms: {ended: "2027-10-07"}
    """
    signed = checked.record.date
    for pointer, terms in checked.each("terms.ended"):
        for text, event in ((terms.in_force, "entry into force"), (signed, "signature")):
            if before(parsed(terms.ended), parsed(text)):
                message = f"The end ({terms.ended}) is before the {event} ({text})."
                yield Problem(message, _HINT, pointer)
                break
    for pointer, terms in checked.each("terms.checked"):
        if before(parsed(terms.checked), parsed(signed)):
            message = f"“checked” ({terms.checked}) is before the signature ({signed})."
            yield Problem(message, _HINT, pointer)
    for pointer, party in checked.each("parties.acceded"):
        if before(parsed(party.acceded), parsed(signed)):
            message = f"{party.code} acceded ({party.acceded}) before the signature ({signed})."
            yield Problem(message, _HINT, pointer)
    for pointer, party in checked.each("parties.left"):
        bound = party.in_force or party.acceded or party.ratified or party.signed or signed
        if before(parsed(party.left), parsed(bound)):
            message = f"{party.code} left ({party.left}) before it was bound ({bound})."
            yield Problem(message, _HINT, pointer)
    for pointer, source in checked.each("sources.accessed"):
        if before(parsed(source.accessed), parsed(source.published)):
            message = f"The page was read ({source.accessed}) before it was published."
            yield Problem(message, _HINT, pointer)


@rule(
    "HC404",
    "in-force-before-signature",
    on="terms.in_force parties.in_force",
    reads="date",
    severity=Severity.NOTE,
)
def in_force_before_signature(checked: CheckedRecord) -> Iterator[Problem]:
    """A text seldom enters into force before its signature: it is then applied retroactively.

    The same is true of a party for which it is in force before that party ratified. Accept the
    note where the source says that it is applied provisionally or retroactively.

    Fails:

        type: agreement
        date: "2022-10-07"
        terms: {in_force: "2022-01-01"}

    Passes:

        type: agreement
        date: "2022-10-07"
        terms: {in_force: "2023-01-01"}
    """
    signed = checked.record.date
    for pointer, terms in checked.each("terms.in_force"):
        if before(parsed(terms.in_force), parsed(signed)):
            message = f"The entry into force ({terms.in_force}) is before the signature ({signed})."
            yield Problem(message, _HINT_ACCEPT, pointer)
    for pointer, party in checked.each("parties.in_force"):
        for text, event in ((signed, "the signature"), (party.ratified, "its ratification")):
            if before(parsed(party.in_force), parsed(text)):
                message = f"The entry into force for {party.code} ({party.in_force})"
                yield Problem(f"{message} is before {event} ({text}).", _HINT_ACCEPT, pointer)
                break


@rule("HC408", "only-announced", reads="date sources", severity=Severity.NOTE)
def only_announced(checked: CheckedRecord) -> Iterator[Problem]:
    """A page that appears before the event can announce its day but cannot report it.

    Announced days are moved. Find a report that states the day, and add `date` to its `supports`;
    or mark the date as approximate (`~`). Accept the note where later reports confirm the day
    without naming it.

    Fails:

        date: "2022-10-07"
        sources:
          - url: https://example.org/news
            kind: agency
            published: "2022-10-03"
            supports: [date]

    Passes:

        date: "2022-10-07"
        sources:
          - url: https://example.org/news
            kind: agency
            published: "2022-10-07"
            supports: [date]
    """
    when = parsed(checked.record.date)
    if when is None or when.qualified:
        return
    early = None
    for number, source in enumerate(checked.record.sources):
        if "date" in source.supports:
            if not before(parsed(source.published), when):
                return
            early = early or (number, source)
    if early:
        number, source = early
        yield Problem(
            f"The date {when.text} is supported only by a page published before it, on "
            f"{source.published}.",
            "Find a report that states the day; an announced day may have been moved.",
            ("sources", number, "published"),
        )


@rule(
    "HC416",
    "ratified-before-signature",
    on="parties.ratified",
    reads="date",
    severity=Severity.WARNING,
)
def ratified_before_signature(checked: CheckedRecord) -> Iterator[Problem]:
    """A party ratifies what has been signed.

    A cabinet's approval to sign comes before; it is a source or a note, not a ratification.

    Fails:

        type: agreement
        date: "2022-10-07"
        parties:
          - country: AZ
            ratified: "2022-09-01"
          - country: CU

    Passes:

        type: agreement
        date: "2022-10-07"
        parties:
          - country: AZ
            ratified: "2022-12-01"
          - country: CU
    """
    for pointer, party in checked.each("parties.ratified"):
        signed = party.signed or checked.record.date
        if before(parsed(party.ratified), parsed(signed)):
            yield Problem(
                f"{party.code} ratified ({party.ratified}) before the signature ({signed}).",
                "Check both dates in the source; an approval to sign goes into the notes.",
                pointer,
            )


@rule("HC417", "provisional-before-in-force", on="terms.provisional")
def provisional_before_in_force(checked: CheckedRecord) -> Iterator[Problem]:
    """An instrument is applied provisionally before it enters into force, and not after its end.

    Fails:

        type: agreement
        date: "2021-10-07"
        terms: {in_force: "2022-01-01", provisional: "2022-03-01"}

    Passes:

        type: agreement
        date: "2021-10-07"
        terms: {in_force: "2022-03-01", provisional: "2022-01-01"}
    """
    for pointer, terms in checked.each("terms.provisional"):
        for text, event in ((terms.in_force, "entry into force"), (terms.ended, "the end")):
            if before(parsed(text), parsed(terms.provisional)):
                message = (
                    f"Provisional application ({terms.provisional}) is after {event} ({text})."
                )
                yield Problem(message, _HINT, pointer)
                break


@rule("HC418", "checked-before-in-force", on="terms.checked", severity=Severity.WARNING)
def checked_before_in_force(checked: CheckedRecord) -> Iterator[Problem]:
    """Whoever checked an instrument that has entered into force did so after that day.

    `checked` is the day on which somebody last looked for what the record states. Where the
    instrument was not yet in force then, write `in_force: none`; the day that was announced is a
    note.

    Fails:

        type: agreement
        date: "2022-10-07"
        terms: {in_force: "2023-03-01", ended: none, checked: "2022-12-01"}

    Passes:

        type: agreement
        date: "2022-10-07"
        terms: {in_force: none, ended: none, checked: "2022-12-01"}
    """
    for pointer, terms in checked.each("terms.checked"):
        if before(parsed(terms.checked), parsed(terms.in_force)):
            yield Problem(
                f"“checked” ({terms.checked}) is before entry into force ({terms.in_force}).",
                "Check both dates; if it was not yet in force then, write “in_force: none”.",
                pointer,
            )


@rule("HC414", "encounter-without-end", reads="date type", severity=Severity.WARNING)
def encounter_without_end(checked: CheckedRecord) -> Iterator[Problem]:
    """An encounter has begun and ended, so neither side of `a/b` is open.

    With an open end it would be counted in every later year. Where only the first day is known,
    write that day; where only the last is known, that one.

    Fails:

        date: "2022-10-07/.."

    Passes:

        date: "2022-10-07"
    """
    text = checked.record.date
    when = parsed(text)
    if checked.kind != "encounter" or when is None or when.form != "interval":
        return
    if when.starts is None or when.ends is None:
        known = when.starts or when.ends
        day = known.text if known else ""
        yield Problem(
            f"“{text}” has {'no end' if when.starts else 'no beginning'}.",
            f"Write both days, or “{day}” if no more is known.",
            ("date",),
        )


@rule("HC415", "long-encounter", reads="date type", severity=Severity.NOTE)
def long_encounter(checked: CheckedRecord) -> Iterator[Problem]:
    """Meetings, visits and conferences are over within a month, a call within two days.

    A longer one most often has a mistyped month. A mission, such as a medical brigade, may stay
    for years and is not checked; accept the note where the source confirms the days.

    Fails:

        date: "2022-10-07/2022-12-08"

    Passes:

        date: "2022-10-07/2022-10-08"
    """
    kind = checked.record.type
    when = parsed(checked.record.date)
    if checked.kind != "encounter" or kind == "mission" or not when:
        return
    if not (when.starts and when.starts.latest and when.ends and when.ends.earliest):
        return
    days = (when.ends.earliest - when.starts.latest).days + 1
    if days > (2 if kind == "call" else 31):
        message = f"A {kind} that lasts {days} days is rare."
        yield Problem(message, "Check both days in the source.", ("date",))


def before(one: dates.Edtf | None, other: dates.Edtf | None) -> bool:
    """Return whether every day that a date can mean is before every day of another."""
    if one is None or other is None:
        return False
    return (one.latest or date.max) < (other.earliest or date.min)
