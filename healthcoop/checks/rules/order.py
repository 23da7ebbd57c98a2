"""HC4: the order of dates."""

from collections.abc import Iterator
from datetime import date

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, rule
from healthcoop.checks.rules.dates import Pointer, parsed
from healthcoop.model import dates
from healthcoop.model.record import Party, Record


@rule(
    "HC403",
    "date-order",
    reads="date parties terms sources",
    needs=[
        "terms",
        "parties.signed",
        "parties.ratified",
        "parties.acceded",
        "parties.in_force",
        "parties.left",
        "sources.accessed",
    ],
)
def date_order(checked: CheckedRecord) -> Iterator[Problem]:
    """Nothing ends before it begins, and no page is read before it is published.

    An instrument ends, and is checked, after it was made; a party accedes to a text that others
    have made, and leaves after it was bound. Two dates are compared only where no day that they
    may mean lets them stand. One of the two is mistyped, or belongs to another text.

    Fails:

        type: mou
        date: "2022-10-07"
        terms: {ended: "2021-10-07"}

    Passes:

        type: mou
        date: "2022-10-07"
        terms: {ended: "2027-10-07"}
    """
    record = checked.record
    if record.terms:
        yield from _order_of_terms(record)
    for number, party in enumerate(record.parties):
        if party.left or party.acceded:
            yield from _order_of_party(record, number, party)
    for number, source in enumerate(record.sources):
        if not source.accessed or not source.published or source.accessed[:10] >= source.published:
            continue
        read = parsed(source.accessed)
        if read and before(read, parsed(source.published)):
            message = f"The page was read on {source.accessed}, before it was published."
            yield _order(("sources", number, "accessed"), message)


def _order_of_terms(record: Record) -> Iterator[Problem]:
    terms = record.terms
    if terms and (ended := parsed(terms.ended)):
        for text, what in ((terms.in_force, "it entered into force"), (record.date, "it was made")):
            if before(ended, parsed(text)):
                yield _order(
                    ("terms", "ended"), f"It ended on {terms.ended}, before {what}, {text}."
                )
                break
    if terms and (checked := parsed(terms.checked)) and before(checked, parsed(record.date)):
        message = f"The terms were checked on {terms.checked}, before it was made, {record.date}."
        yield _order(("terms", "checked"), message)


def _order_of_party(record: Record, number: int, party: Party) -> Iterator[Problem]:
    acceded, left = parsed(party.acceded), parsed(party.left)
    if acceded and before(acceded, parsed(record.date)):
        message = f"{party.code} acceded on {party.acceded}, before it was made, {record.date}."
        yield _order(("parties", number, "acceded"), message)
    begun = party.in_force or party.acceded or party.ratified or party.signed or record.date
    if left and before(left, parsed(begun)):
        message = f"{party.code} left on {party.left}, before it was bound, {begun}."
        yield _order(("parties", number, "left"), message)


@rule("HC417", "provisional-before-in-force", reads="terms", needs=["terms.provisional"])
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
    terms = checked.record.terms
    if terms is None or (provisional := parsed(terms.provisional)) is None:
        return
    for begin, what in ((terms.in_force, "it entered into force"), (terms.ended, "it ended")):
        if (day := parsed(begin)) and before(day, provisional):
            yield _order(
                ("terms", "provisional"),
                f"It is applied provisionally from {terms.provisional}, but {what} on {begin}.",
            )
            return


@rule(
    "HC404",
    "in-force-before-signature",
    reads="date parties terms",
    needs=["terms.in_force", "parties.in_force"],
    severity=Severity.NOTE,
)
def in_force_before_signature(checked: CheckedRecord) -> Iterator[Problem]:
    """A text can be applied back in time, from a day before its signature; it seldom is.

    The same is asked of a party for which it is in force before the party ratified. Accept the
    note where the source says that it is applied provisionally or back in time.

    Fails:

        type: agreement
        date: "2022-10-07"
        terms: {in_force: "2022-01-01"}

    Passes:

        type: agreement
        date: "2022-10-07"
        terms: {in_force: "2023-01-01"}
    """
    record = checked.record
    terms = record.terms
    hint = (
        "Look at the source once more; if it says so, accept this note "
        "(“healthcoop validate --explain HC901” tells how)."
    )
    begun = parsed(terms.in_force) if terms else None
    if terms and begun and before(begun, parsed(record.date)):
        message = f"It is in force since {terms.in_force}, before it was signed."
        yield Problem(message=message, hint=hint, pointer=("terms", "in_force"))
    for number, party in enumerate(record.parties):
        begun = parsed(party.in_force) if party.in_force else None
        if begun is None:
            continue
        for text, what in ((record.date, "it was signed"), (party.ratified, "it ratified")):
            if before(begun, parsed(text)):
                yield Problem(
                    message=f"For {party.code} it is in force since {party.in_force}, before "
                    f"{what}, {text}.",
                    hint=hint,
                    pointer=("parties", number, "in_force"),
                )
                break


@rule(
    "HC408",
    "only-announced",
    reads="date sources",
    needs=["sources.published"],
    severity=Severity.NOTE,
)
def only_announced(checked: CheckedRecord) -> Iterator[Problem]:
    """A page that appears before the event can announce its day; it cannot report it.

    Announced days are moved. Look for a report that gives the day, and let that one support
    `date`; or qualify the date (`~`). Accept the note where later reports bear the day out
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
    record = checked.record
    place: int | None = None
    for number, source in enumerate(record.sources):
        if "date" in source.supports:
            if not source.published or source.published >= record.date:
                return
            place = number if place is None else place
    when = parsed(record.date) if place is not None else None
    if place is None or when is None or when.qualified:
        return
    for source in record.sources:
        if "date" in source.supports:
            published = parsed(source.published)
            if published is None or not before(published, when):
                return
    yield Problem(
        message=f"The day {record.date} rests on a page published on "
        f"{record.sources[place].published}, before it.",
        hint="Look for a report that gives the day; an announced day may have been moved.",
        pointer=("sources", place, "published"),
    )


@rule(
    "HC416",
    "ratified-before-signature",
    reads="date parties",
    needs=["parties.ratified"],
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
    for number, party in enumerate(checked.record.parties):
        if not party.ratified:
            continue
        ratified, signed = parsed(party.ratified), party.signed or checked.record.date
        if ratified and before(ratified, parsed(signed)):
            yield Problem(
                message=f"{party.code} ratified on {party.ratified}, before it was signed, "
                f"{signed}.",
                hint="Look both dates up; an approval to sign goes into the notes.",
                pointer=("parties", number, "ratified"),
            )


def before(one: dates.Edtf, other: dates.Edtf | None) -> bool:
    """Say whether a date lies wholly before another, whatever days the two may mean."""
    if other is None:
        return False
    return (one.latest or date.max) < (other.earliest or date.min)


def _order(pointer: Pointer, message: str) -> Problem:
    return Problem(message=message, hint="Look both dates up in the source.", pointer=pointer)
