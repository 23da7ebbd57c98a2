"""HC4: dates, their form and whether they can be so; their order is in ``order``."""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, rule
from healthcoop.checks.traits import FIRST_EVENT, FIRST_LOOK, ODD_DATE
from healthcoop.files.fixes import Replace
from healthcoop.model import dates
from healthcoop.model.record import Record
from healthcoop.model.spec import DATES, FIELDS

Pointer = tuple[str | int, ...]

_WORDS = frozenset({"unknown", "none"})
_DATES = [path.partition(".") for path in DATES]


def _may_be_word(pointer: Pointer, text: str) -> bool:
    path = ".".join(name for name in pointer if isinstance(name, str))
    return text in FIELDS[path].words


def _dates(record: Record) -> Iterator[tuple[Pointer, str]]:
    """Yield every date of a record with its pointer, words such as ``unknown`` among them."""
    for name, _, inner in _DATES:
        value = getattr(record, name)
        if not inner:
            if value:
                yield (name,), value
        elif isinstance(value, tuple):
            for number, part in enumerate(value):
                if text := getattr(part, inner):
                    yield (name, number, inner), text
        elif value and (text := getattr(value, inner)):
            yield (name, inner), text


@lru_cache(maxsize=1 << 15)
def parsed(text: str | None) -> dates.Edtf | None:
    """Read a date; None for an absent one, a word, and one that HC401 reports."""
    return dates.read(text) if text and text not in _WORDS else None


def _texts(record: Record) -> list[str]:
    """Return the texts of a record's dates, without their places."""
    return [text for _, text in _dates(record)]


@rule("HC401", "date-form", reads="", needs=[ODD_DATE])
def date_form(checked: CheckedRecord) -> Iterator[Problem]:
    """A date is EDTF: as exact as the source and no more.

    `2022-10-07`, `2022-10`, `2022`, with `~` (approximate), `?` (uncertain) or `%` (both);
    `202X`; `2025-04-07/2025-04-08` (from, to), `2019/..` (open); `[2025-12-22..2025-12-23]` (on
    one of these days). What two people write in two ways cannot be sorted or counted; the hint
    says what to write. `unknown` (looked for and not found) is for dates of parties and of terms,
    `none` for `terms.in_force`, `terms.ended` and a party's `ratified`.

    Fails:

        date: 7 October 2022

    Passes:

        date: "2022-10-07"
    """
    for pointer, text in _dates(checked.record):
        if parsed(text) or _may_be_word(pointer, text):
            continue
        try:
            dates.parse(text)
        except dates.DateError as error:
            edits = (Replace(pointer, error.instead),) if error.instead else ()
            yield Problem(
                message=error.message,
                hint=error.hint,
                pointer=pointer,
                edits=edits,
                safe=error.sure,
            )


@rule("HC402", "instrument-one-day", reads="date type", needs=[ODD_DATE])
def instrument_one_day(checked: CheckedRecord) -> Iterator[Problem]:
    """An instrument was signed on one day, known or not; only an encounter lasts from a to b.

    `a/b` would count it in every year and month between. Where the source says only that it was
    signed during a visit or a conference, it was signed on one of those days: `[a..b]`. Where the
    parties signed on different days, each has its own `signed`, and `date` is the last of them.

    Fails:

        type: mou
        date: "2022-10-06/2022-10-08"

    Passes:

        type: mou
        date: "[2022-10-06..2022-10-08]"
    """
    when = parsed(checked.record.date)
    if checked.kind == "instrument" and when and when.form == "interval":
        first, _, last = checked.record.date.partition("/")
        better = f"[{first}..{last}]"
        yield Problem(
            message=f"“{checked.record.date}” says that the signing lasted from {first} to {last}.",
            hint=f"For a signing on one of these days write “{better}”.",
            pointer=("date",),
            edits=(Replace(("date",), better),) if dates.read(better) else (),
        )


@rule("HC405", "exact-day-has-source", reads="date sources")
def exact_day_has_source(checked: CheckedRecord) -> Iterator[Problem]:
    """An unqualified day needs a source that gives it, and that says `supports: [date]`.

    A day known only from the day of publication, or deduced, is approximate: `2023-06-12~`.
    Readers sort and count by the day, and must be able to look it up.

    Fails:

        date: "2022-10-07"
        sources:
          - url: https://example.org/news
            kind: agency
            supports: [parties]

    Passes:

        date: "2022-10-07~"
        sources:
          - url: https://example.org/news
            kind: agency
            supports: [parties]
    """
    record = checked.record
    when = parsed(record.date)
    if when is None or not _claims_a_day(when):
        return
    if any("date" in source.supports for source in record.sources):
        return
    named = {name for source in record.sources for name in source.supports}
    if any(get_close_matches(name, Record.__slots__, n=1) == ["date"] for name in named):
        return  # meant and misspelt, which HC702 says
    approximate = _approximate(record.date, when)
    yield Problem(
        message=f"The day {record.date} stands unqualified, but no source supports it.",
        hint=f"Add “date” to the supports of a source whose text or dateline gives it, or write "
        f"“{approximate}”.",
        pointer=("date",),
        edits=(Replace(("date",), approximate),),
    )


@rule("HC406", "future", reads="", needs=[ODD_DATE])
def future(checked: CheckedRecord) -> Iterator[Problem]:
    """A record is of what has been signed or has taken place; what is announced is none yet.

    The same goes for everything that it says has been done: a party signed, ratified, acceded or
    left, a page was published and read, the terms were checked, the record was withdrawn. Most
    often the year is mistyped. Only entry into force, a period and an end may lie ahead; a notice
    to leave is a note until its day has come.

    Fails:

        date: "2062-10-07"

    Passes:

        type: mou
        date: "2022-10-07"
        terms: {in_force: "2062-01-01"}
    """
    today = checked.today
    if max(_texts(checked.record), default="") <= today.isoformat():
        return
    for pointer, text in _dates(checked.record):
        if pointer[-1] in _MAY_LIE_AHEAD or pointer[0] == "links":
            continue
        when = parsed(text)
        if when and when.earliest and when.earliest > today:
            yield Problem(
                message=f"The date {text} is still to come.",
                hint="Check the year; an announced event becomes a record when it has taken place."
                if pointer == ("date",)
                else f"Check the year; “{_named(pointer)}” says what has been done.",
                pointer=pointer,
            )


def _named(pointer: Pointer) -> str:
    return "withdrawn.date" if pointer[0] == "withdrawn" else str(pointer[-1])


_MAY_LIE_AHEAD = frozenset({"provisional", "in_force", "period", "ended"})


@rule("HC407", "reaches-beyond-today", reads="date", needs=[ODD_DATE], severity=Severity.WARNING)
def reaches_beyond_today(checked: CheckedRecord) -> Iterator[Problem]:
    """What has taken place took place today at the latest, so the last day named is not ahead.

    `[2026-11-01..2026-12-31]` written in November counts days on which it cannot have been
    signed: end it with the day on which the source was read. An encounter whose last day is still
    to come was announced, not reported; wait until it is over, or until its end is reported. A
    month or a year that is not over yet may stand at the end.

    Fails:

        type: mou
        date: "[2022-10-07..2062-10-09]"

    Passes:

        type: mou
        date: "[2022-10-07..2022-10-09]"
    """
    text = checked.record.date
    if "/" not in text and ".." not in text:
        return
    when = parsed(text)
    if when is None or when.latest is None or when.latest <= checked.today:
        return
    if when.earliest and when.earliest > checked.today:
        return  # HC406 says so
    last = when.ends if when.form == "interval" else parsed(text[1:-1].rpartition("..")[2])
    if last and last.earliest and last.earliest > checked.today:
        yield Problem(
            message=f"“{text}” reaches into the future.",
            hint="Check the last day; end the range with the day on which the source was read.",
            pointer=("date",),
        )


@rule("HC409", "first-of-january", reads="", needs=[ODD_DATE], severity=Severity.NOTE)
def first_of_january(checked: CheckedRecord) -> Iterator[Problem]:
    """Few things are signed, held or published on 1 January; often only the year was known.

    Other data pad a bare year to its first day, and the false day is then counted and quoted.
    Write the year alone where the source gives no more. Entry into force, ends and periods do
    fall on 1 January and are not looked at; accept the note where the source says the day.

    Fails:

        date: "2022-01-01"

    Passes:

        date: "2022"
    """
    if _NEW_YEAR not in " ".join(_texts(checked.record)):
        return
    for pointer, text in _dates(checked.record):
        if pointer[-1] not in _OFTEN_PADDED or pointer[0] == "withdrawn":
            continue
        when = parsed(text)
        first = when.starts if when and when.form == "interval" else when
        if first and first.exact and first.text.endswith(_NEW_YEAR):
            year = first.text[:4]
            yield Problem(
                message=f"“{text}” begins on 1 January; often only the year was known.",
                hint=f"Write “{year}” if the source gives no more than the year.",
                pointer=pointer,
                edits=(Replace(pointer, year),) if first is when else (),
            )


_NEW_YEAR = "-01-01"
_OFTEN_PADDED = frozenset({"date", "published", "signed", "ratified", "acceded"})


@rule("HC410", "year-bounds", reads="", needs=[ODD_DATE], severity=Severity.WARNING)
def year_bounds(checked: CheckedRecord) -> Iterator[Problem]:
    """A year lies where the data can have one.

    Events from 1851, the year of the first International Sanitary Conference, on; pages read,
    terms checked and records withdrawn from 1991 on, when the web opened; entry into force, ends
    and periods within a hundred years from today. What lies outside is most often a mistyped year
    (`1202`, `2205`). Accept the warning for an older event that is right.

    Fails:

        terms: {in_force: "2205-10-07"}

    Passes:

        terms: {in_force: "2025-10-07"}
    """
    texts = _texts(checked.record)
    last = checked.today.year + _YEARS_AHEAD
    terms = checked.record.terms
    if (
        not (terms and terms.period)
        and min(texts, default="") > FIRST_LOOK
        and max(texts) < str(last)
    ):
        return  # nearly every record; a period may begin near and end far away
    for pointer, text in _dates(checked.record):
        when = parsed(text)
        if when is None:
            continue
        name = str(pointer[-1])
        done_by_us = name in ("accessed", "checked") or pointer[0] == "withdrawn"
        first = int(FIRST_LOOK if done_by_us else FIRST_EVENT)
        ends = when.latest or when.earliest
        if when.earliest and when.earliest.year > last and name in _MAY_LIE_AHEAD:
            message = f"The year of {text} is more than a hundred years ahead."
        elif ends and ends.year < first:
            message = f"The year of {text} is before {first}."
        elif ends and ends.year > last and name in _MAY_LIE_AHEAD:
            message = f"The last year of {text} is more than a hundred years ahead."
        else:
            continue
        yield Problem(message=message, hint="Look the year up in the source.", pointer=pointer)


_YEARS_AHEAD = 100


@rule("HC411", "lasts-no-days", reads="", needs=[ODD_DATE])
def lasts_no_days(checked: CheckedRecord) -> Iterator[Problem]:
    """A party signs, ratifies, accedes and leaves on one day, and a page is published on one.

    `a/b` says that it lasted from a to b, which only an encounter and an instrument's terms can.
    Where the day is not known but lies in a range, write `[a..b]`.

    Fails:

        type: treaty
        parties:
          - country: AZ
            ratified: "2023-01-10/2023-01-20"
          - country: CU

    Passes:

        type: treaty
        parties:
          - country: AZ
            ratified: "[2023-01-10..2023-01-20]"
          - country: CU
    """
    if "/" not in " ".join(_texts(checked.record)):
        return
    for pointer, text in _dates(checked.record):
        if "/" not in text or pointer[-1] not in _ON_ONE_DAY or parsed(text) is None:
            continue
        first, _, last = text.partition("/")
        both = first.strip(".") and last.strip(".") and not text.strip("0123456789-/")
        yield Problem(
            message=f"“{text}” says that “{pointer[-1]}” lasted for days.",
            hint=f"Write the day, or “[{first}..{last}]” for one of these days."
            if both
            else "Write the day, as exactly as it is known.",
            pointer=pointer,
            edits=(Replace(pointer, f"[{first}..{last}]"),) if both else (),
        )


_ON_ONE_DAY = frozenset({"signed", "ratified", "acceded", "left", "published"})


@rule("HC412", "day-of-looking", reads="", needs=[ODD_DATE], severity=Severity.WARNING)
def day_of_looking(checked: CheckedRecord) -> Iterator[Problem]:
    """Who reads a page, checks the terms or withdraws a record knows the day.

    `accessed`, `checked` and `withdrawn.date` are whole days without doubt: they say how old the
    knowledge is, and a page that changed is looked up in an archive by that day.

    Fails:

        sources:
          - url: https://example.org/news
            kind: agency
            accessed: "2026-11"
            supports: [date]

    Passes:

        sources:
          - url: https://example.org/news
            kind: agency
            accessed: "2026-11-21"
            supports: [date]
    """
    record = checked.record
    looked: list[tuple[Pointer, str]] = [
        (("sources", number, "accessed"), source.accessed)
        for number, source in enumerate(record.sources)
        if source.accessed
    ]
    if record.terms and record.terms.checked:
        looked.append((("terms", "checked"), record.terms.checked))
    if record.withdrawn:
        looked.append((("withdrawn", "date"), record.withdrawn.date))
    for pointer, text in looked:
        when = parsed(text)
        if when and not when.exact:
            yield Problem(
                message=f"“{text}” is not one day.",
                hint="Write the day on which you looked: 2026-11-21.",
                pointer=pointer,
            )


@rule("HC413", "said-simpler", reads="", needs=[ODD_DATE], severity=Severity.WARNING)
def said_simpler(checked: CheckedRecord) -> Iterator[Problem]:
    """A range that begins and ends on one day is that day; one of all days of a month is a month.

    One date is written in one way, so that equal dates are found to be equal.

    Fails:

        date: "2022-10-07/2022-10-07"

    Passes:

        date: "2022-10-07"
    """
    texts = " ".join(_texts(checked.record))
    if "/" not in texts and "[" not in texts:
        return
    for pointer, text in _dates(checked.record):
        simple = _simpler(text)
        if simple:
            yield Problem(
                message=f"“{text}” is “{simple}”.",
                hint=f"Write “{simple}”.",
                pointer=pointer,
                edits=(Replace(pointer, simple),),
                safe=True,
            )


def _simpler(text: str) -> str:
    """Give the single date that a range means, where there is one."""
    when = parsed(text)
    if when is None or when.form == "date":
        return ""
    if when.form == "interval":
        first, _, last = text.partition("/")
        return first if first == last and when.starts and when.starts.precision == "day" else ""
    first, _, last = text[1:-1].partition("..")
    if not first or not last:
        return ""
    same = (when.earliest, when.latest)
    for shorter in (first[:4], first[:7], first):
        whole = parsed(shorter)
        if whole and (whole.earliest, whole.latest) == same:
            return shorter
    return ""


@rule(
    "HC414", "encounter-without-end", reads="date type", needs=[ODD_DATE], severity=Severity.WARNING
)
def encounter_without_end(checked: CheckedRecord) -> Iterator[Problem]:
    """An encounter that has taken place has begun and ended, so neither side of `a/b` is open.

    With an open end it would be counted in every later year. Where only the first day is known,
    write that day; where only the last is, that one.

    Fails:

        date: "2022-10-07/.."

    Passes:

        date: "2022-10-07"
    """
    text = checked.record.date
    if "/" not in text or checked.kind != "encounter":
        return
    when = parsed(text)
    if when and (when.starts is None or when.ends is None):
        known = when.starts or when.ends
        day = known.text if known else ""
        side = "no end" if when.starts else "no beginning"
        yield Problem(
            message=f"“{text}” has {side}.",
            hint=f"Give both days, or write “{day}” if no more is known.",
            pointer=("date",),
        )


@rule("HC415", "long-encounter", reads="date type", needs=[ODD_DATE], severity=Severity.NOTE)
def long_encounter(checked: CheckedRecord) -> Iterator[Problem]:
    """Meetings, visits and conferences are over within a month, a call within two days.

    A longer one most often has a mistyped month. A mission, such as a medical brigade, may stay
    for years and is not looked at; accept the note where the source bears the days out.

    Fails:

        date: "2022-10-07/2022-12-08"

    Passes:

        date: "2022-10-07/2022-10-08"
    """
    text = checked.record.date
    if "/" not in text or checked.kind != "encounter" or checked.record.type == "mission":
        return
    when = parsed(text)
    if when is None or when.starts is None or when.ends is None:
        return
    least, most = when.starts.latest, when.ends.earliest
    if least is None or most is None:
        return
    days = (most - least).days + 1
    if days > (2 if checked.record.type == "call" else 31):
        yield Problem(
            message=f"A {checked.record.type} that lasts {days} days is rare.",
            hint="Look both days up in the source.",
            pointer=("date",),
        )


def _claims_a_day(when: dates.Edtf) -> bool:
    if when.form == "set":
        return when.earliest is not None
    return any(part is not None and part.exact for part in (when, when.starts, when.ends))


def _approximate(text: str, when: dates.Edtf) -> str:
    if when.form == "interval":
        return "/".join(end if end in ("", "..") else f"{end}~" for end in text.split("/"))
    return f"{text}~" if when.form == "date" else f"[..{text.strip('[]').rsplit('..', 1)[-1]}]"
