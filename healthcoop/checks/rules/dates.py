"""HC4: dates, their form and their order."""

from collections.abc import Iterator
from datetime import date

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.rules.registry import Subject, rule
from healthcoop.model import dates
from healthcoop.model.record import Record

Pointer = tuple[str | int, ...]

_PARTY_DATES = ("signed", "ratified", "acceded", "in_force", "left")
_TERMS_DATES = ("in_force", "period", "ended", "checked")
_WORDS = frozenset({"unknown", "none"})


def _may_be_word(pointer: Pointer, text: str) -> bool:
    if text == "none":
        return pointer == ("terms", "ended")
    return text == "unknown" and pointer[0] in ("parties", "terms") and pointer[-1] != "checked"


def _dates(record: Record) -> Iterator[tuple[Pointer, str]]:
    """Give every date of a record with its place; the words that stand for one are left out."""
    if record.date:
        yield ("date",), record.date
    for number, party in enumerate(record.parties):
        for name in _PARTY_DATES:
            if text := getattr(party, name):
                yield ("parties", number, name), text
    for name in _TERMS_DATES:
        if record.terms and (text := getattr(record.terms, name)):
            yield ("terms", name), text
    for number, link in enumerate(record.links):
        if link.date:
            yield ("links", number, "date"), link.date
    for number, source in enumerate(record.sources):
        for name in ("published", "accessed"):
            if text := getattr(source, name):
                yield ("sources", number, name), text
    if record.withdrawn:
        yield ("withdrawn", "date"), record.withdrawn.date


def _parse(text: str | None) -> dates.Edtf | None:
    """Read a date; None for an absent one, a word, and one that HC401 reports."""
    if not text or text in _WORDS:
        return None
    try:
        return dates.parse(text)
    except dates.DateError:
        return None


@rule("HC401", "date-form", reads="")
def date_form(subject: Subject) -> Iterator[Problem]:
    """A date is EDTF: as exact as the source and no more.

    `2022-10-07`, `2022-10`, `2022`, with `~` (approximate), `?` (uncertain) or `%` (both);
    `202X`; `2025-04-07/2025-04-08` (from, to), `2019/..` (open); `[2025-12-22..2025-12-23]` (on
    one of these days).
    """
    for pointer, text in _dates(subject.record):
        if _may_be_word(pointer, text):
            continue
        try:
            dates.parse(text)
        except dates.DateError as error:
            yield Problem(message=error.message, hint=error.hint, pointer=pointer)


@rule("HC402", "instrument-one-day", reads="date type")
def instrument_one_day(subject: Subject) -> Iterator[Problem]:
    """An instrument was signed on one day, known or not; only an encounter lasts from a to b."""
    when = _parse(subject.record.date)
    if subject.kind == "instrument" and when and when.form == "interval":
        first, _, last = subject.record.date.partition("/")
        yield Problem(
            message=f"“{subject.record.date}” says that the signing lasted from {first} to {last}.",
            hint=f"For a signing on one of these days write “[{first}..{last}]”.",
            pointer=("date",),
        )


@rule("HC403", "date-order", reads="date parties terms sources")
def date_order(subject: Subject) -> Iterator[Problem]:
    """Nothing ends before it begins, and no page is read before it is published."""
    record = subject.record
    terms = record.terms
    if terms and (ended := _parse(terms.ended)):
        for text, what in ((terms.in_force, "it entered into force"), (record.date, "it was made")):
            if _before(ended, _parse(text)):
                yield _order(
                    ("terms", "ended"), f"It ended on {terms.ended}, before {what}, {text}."
                )
                break
    for number, party in enumerate(record.parties):
        begun = party.in_force or party.acceded or party.ratified or party.signed or record.date
        left = _parse(party.left)
        if left and _before(left, _parse(begun)):
            message = f"{party.code} left on {party.left}, before it was bound, {begun}."
            yield _order(("parties", number, "left"), message)
    for number, source in enumerate(record.sources):
        read = _parse(source.accessed)
        if read and _before(read, _parse(source.published)):
            message = f"The page was read on {source.accessed}, before it was published."
            yield _order(("sources", number, "accessed"), message)


@rule("HC404", "in-force-before-signature", reads="date terms", severity=Severity.NOTE)
def in_force_before_signature(subject: Subject) -> Iterator[Problem]:
    """A text can be applied back in time, from a day before its signature; it seldom is."""
    terms = subject.record.terms
    begun = _parse(terms.in_force) if terms else None
    if terms and begun and _before(begun, _parse(subject.record.date)):
        message = f"It is in force since {terms.in_force}, before it was signed."
        hint = "Look at the source once more; if it says so, leave it."
        yield Problem(message=message, hint=hint, pointer=("terms", "in_force"))


@rule("HC405", "exact-day-has-source", reads="date sources")
def exact_day_has_source(subject: Subject) -> Iterator[Problem]:
    """An unqualified day needs a source that gives it, and that says `supports: [date]`.

    A day known only from the day of publication, or deduced, is approximate: `2023-06-12~`.
    """
    record = subject.record
    when = _parse(record.date)
    if when is None or not _claims_a_day(when):
        return
    if any("date" in source.supports for source in record.sources):
        return
    yield Problem(
        message=f"The day {record.date} stands unqualified, but no source supports it.",
        hint=f"Add “date” to the supports of a source whose text or dateline gives it, or write "
        f"“{_approximate(record.date, when)}”.",
        pointer=("date",),
    )


@rule("HC406", "future", reads="date")
def future(subject: Subject) -> Iterator[Problem]:
    """A record is of what has been signed or has taken place; what is announced is none yet."""
    when = _parse(subject.record.date)
    if when and when.earliest and when.earliest > subject.today:
        yield Problem(
            message=f"The date {subject.record.date} is still to come.",
            hint="Check the year; an announced event becomes a record when it has taken place.",
            pointer=("date",),
        )


def _before(one: dates.Edtf, other: dates.Edtf | None) -> bool:
    """Say whether a date lies wholly before another, whatever days the two may mean."""
    if other is None:
        return False
    return (one.latest or date.max) < (other.earliest or date.min)


def _order(pointer: Pointer, message: str) -> Problem:
    return Problem(message=message, hint="Look both dates up in the source.", pointer=pointer)


def _claims_a_day(when: dates.Edtf) -> bool:
    if when.form == "set":
        return when.earliest is not None
    return any(part is not None and part.exact for part in (when, when.starts, when.ends))


def _approximate(text: str, when: dates.Edtf) -> str:
    if when.form == "interval":
        return "/".join(end if end in ("", "..") else f"{end}~" for end in text.split("/"))
    return f"{text}~" if when.form == "date" else f"[..{text.strip('[]').rsplit('..', 1)[-1]}]"
