"""HC4: the form of dates and the days they can mean; their order and length are in ``order``."""

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, DateField, date_rule, parsed, rule
from healthcoop.files.fixes import Replace
from healthcoop.model import dates
from healthcoop.model.spec import ORDER

_FIRST_CONFERENCE, _FIRST_WEB_PAGE = 1851, 1991
_YEARS_AHEAD = 100
_MAY_BE_FUTURE = frozenset({"provisional", "in_force", "period", "ended"})
_OFTEN_PADDED = frozenset({"date", "published", "signed", "ratified", "acceded"})
_ON_ONE_DAY = frozenset({"signed", "ratified", "acceded", "left", "published"})


@date_rule("HC401", "date-form")
def date_form(at: DateField, _today: date) -> Problem | None:
    """A date is written in EDTF, with the precision of its source and no more.

    `2022-10-07`, `2022-10`, `2022`, with `~` (approximate), `?` (uncertain) or `%` (both);
    `202X` (in the 2020s); `2025-04-07/2025-04-08` (from, to), `2019/..` (no end yet);
    `[2025-12-22..2025-12-23]` (on one of these days). Dates can only be sorted and counted if
    everybody writes them in the same way. `unknown` (searched for and not found) is for dates of
    parties and of terms, `none` for `terms.in_force`, `terms.ended` and a party's `ratified`.

    Fails:

        date: 7 October 2022

    Passes:

        date: "2022-10-07"
    """
    if at.when:
        return None
    try:
        dates.parse(at.text)
    except dates.DateError as error:
        edits = (Replace(at.pointer, error.instead),) if error.instead else ()
        return Problem(error.message, error.hint, at.pointer, edits=edits, safe=error.sure)
    return None


@rule("HC402", "instrument-one-day", reads="date type")
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
    text = checked.record.date
    when = parsed(text)
    if checked.kind == "instrument" and when and when.form == "interval":
        first, _, last = text.partition("/")
        better = f"[{first}..{last}]"
        yield Problem(
            f"“{text}” means that the signing lasted from {first} to {last}.",
            f"For a signing on one of these days write “{better}”.",
            ("date",),
            edits=(Replace(("date",), better),) if dates.read(better) else (),
        )


@rule("HC405", "exact-day-has-source", reads="date sources")
def exact_day_has_source(checked: CheckedRecord) -> Iterator[Problem]:
    """An exact day needs a source that states it, marked with `supports: [date]`.

    A day that is deduced, or known only from the day of publication, is approximate:
    `2023-06-12~`. Readers sort and count by the day, and must be able to verify it. The days of
    an interval and of a set such as `[2023-06-12..2023-06-14]` are exact; months and years are not.

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
    if any("date" in source.supports for source in record.sources):
        return
    when = parsed(record.date)
    if when is None or not _is_exact(when):
        return
    if any(_is_misspelt_date(name) for source in record.sources for name in source.supports):
        return
    approximate = _approximate(record.date, when)
    yield Problem(
        f"The date {record.date} is exact, but no source supports it.",
        "Add “date” to the “supports” of a source whose text or dateline states the day, or write "
        f"“{approximate}”.",
        ("date",),
        edits=(Replace(("date",), approximate),),
    )


def _is_misspelt_date(name: str) -> bool:
    """Return whether “date” is meant: HC702 reports the spelling."""
    return get_close_matches(name, ORDER[""], n=1) == ["date"]


def _is_exact(when: dates.Edtf) -> bool:
    if when.form == "set":
        ends = [dates.read(end) for end in when.text.strip("[]").split("..") if end]
        return when.earliest is not None and any(end is not None and end.exact for end in ends)
    return any(part is not None and part.exact for part in (when, when.starts, when.ends))


def _approximate(text: str, when: dates.Edtf) -> str:
    if when.form == "interval":
        return "/".join(end if end in ("", "..") else f"{end}~" for end in text.split("/"))
    return f"{text}~" if when.form == "date" else f"[..{text.strip('[]').rsplit('..', 1)[-1]}]"


@date_rule("HC406", "future")
def future(at: DateField, today: date) -> Problem | None:
    """A record describes what has been signed or has taken place, not what is announced.

    The same is true of every act that it records: a party signed, ratified, acceded or
    left, a page was published and read, the terms were checked, the record was withdrawn. Most
    often the year is mistyped. Only entry into force, a period and an end may be in the future; a
    notice to leave belongs in the notes until its day has come. Tomorrow's day is accepted: it has
    begun already in the east.

    Fails:

        date: "2062-10-07"

    Passes:

        type: mou
        date: "2022-10-07"
        terms: {in_force: "2062-01-01"}
    """
    if at.name in _MAY_BE_FUTURE or at.pointer[0] == "links":
        return None
    if at.when and at.when.earliest and _is_future(at.when.earliest, today):
        name = "withdrawn.date" if at.pointer[0] == "withdrawn" else at.name
        return Problem(
            f"The date {at.text} is in the future.",
            "Check the year; an announced event becomes a record once it has taken place."
            if name == "date"
            else f"Check the year; “{name}” is for what was already done.",
            at.pointer,
        )
    return None


def _is_future(day: date, today: date) -> bool:
    """Return whether a day has begun nowhere yet, also not in the zone UTC+14."""
    return (day - today).days > 1


@rule("HC407", "reaches-beyond-today", reads="date", severity=Severity.WARNING)
def reaches_beyond_today(checked: CheckedRecord) -> Iterator[Problem]:
    """A range of days on which something took place ends today at the latest.

    `[2026-11-01..2026-12-31]` written in November includes days on which it cannot have been
    signed: end it with the day on which the source was read. An encounter whose last day is in the
    future was announced, not reported; wait until its end is reported. A month or a year that is
    not over yet may be the end of a range.

    Fails:

        type: mou
        date: "[2022-10-07..2062-10-09]"

    Passes:

        type: mou
        date: "[2022-10-07..2022-10-09]"
    """
    text, today = checked.record.date, checked.today
    when = parsed(text)
    if when is None or when.form == "date":
        return
    if when.earliest and _is_future(when.earliest, today):
        return  # HC406 reports one that begins in the future
    last = when.ends if when.form == "interval" else parsed(text[1:-1].rpartition("..")[2])
    if last and last.earliest and _is_future(last.earliest, today):
        yield Problem(
            f"“{text}” ends in the future.",
            "Check the last day; end the range with the day on which the source was read.",
            ("date",),
        )


@date_rule("HC409", "first-of-january", severity=Severity.NOTE)
def first_of_january(at: DateField, _today: date) -> Problem | None:
    """Few things are signed, held or published on 1 January; often only the year was known.

    Some databases fill in 1 January where only the year is known, and the false day is then
    counted and quoted. Write the year alone where the source states no more. Entry into force, ends
    and periods often do fall on 1 January and are not checked; accept the note where the source
    states the day.

    Fails:

        date: "2022-01-01"

    Passes:

        date: "2022"
    """
    if "-01-01" not in at.text or at.name not in _OFTEN_PADDED or at.pointer[0] == "withdrawn":
        return None
    first = at.when.starts if at.when and at.when.form == "interval" else at.when
    if first and first.exact and first.text.endswith("-01-01"):
        year = first.text[:4]
        return Problem(
            f"“{at.text}” begins on 1 January; often only the year was known.",
            f"Write “{year}” if the source states only the year.",
            at.pointer,
            edits=(Replace(at.pointer, year),) if first is at.when else (),
        )
    return None


@date_rule("HC410", "year-bounds", severity=Severity.WARNING)
def year_bounds(at: DateField, today: date) -> Problem | None:
    """A year is within the years that the data can have.

    Events from 1851, the year of the first International Sanitary Conference, on; pages read,
    terms checked and records withdrawn from 1991, the year of the first web page, on; entry into
    force, ends and periods at most a hundred years ahead. A year outside is most often mistyped
    (`1202`, `2205`). Accept the warning for an older event that is right.

    Fails:

        terms: {in_force: "2205-10-07"}

    Passes:

        terms: {in_force: "2025-10-07"}
    """
    limit = today.year + _YEARS_AHEAD
    if at.when is None:
        return None
    first = _FIRST_WEB_PAGE if at.field.lookup else _FIRST_CONFERENCE
    earliest, latest = at.when.earliest, at.when.latest or at.when.earliest
    ahead = at.name in _MAY_BE_FUTURE
    if ahead and earliest and earliest.year > limit:
        message = f"The year of {at.text} is more than a hundred years ahead."
    elif latest and latest.year < first:
        message = f"The year of {at.text} is before {first}."
    elif ahead and latest and latest.year > limit:
        message = f"The last year of {at.text} is more than a hundred years ahead."
    else:
        return None
    return Problem(message, "Check the year in the source.", at.pointer)


@date_rule("HC411", "lasts-no-days")
def lasts_no_days(at: DateField, _today: date) -> Problem | None:
    """A party signs, ratifies, accedes and leaves on one day, and a page is published on one.

    `a/b` means that something lasted from a to b, as only an encounter and an instrument's terms
    can. Where the day is not known but falls within a range, write `[a..b]`.

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
    if not at.when or at.when.form != "interval" or at.name not in _ON_ONE_DAY:
        return None
    first, _, last = at.text.partition("/")
    both = first.strip(".") and last.strip(".") and not at.text.strip("0123456789-/")
    better = f"[{first}..{last}]"
    return Problem(
        f"“{at.text}” means that “{at.name}” lasted for days.",
        f"Write the day, or “{better}” for one of these days."
        if both
        else "Write the day, as exactly as it is known.",
        at.pointer,
        edits=(Replace(at.pointer, better),) if both else (),
    )


@date_rule("HC412", "exact-day-of-check", severity=Severity.WARNING)
def exact_day_of_check(at: DateField, _today: date) -> Problem | None:
    """The day on which a page was read, terms were checked or a record was withdrawn is known.

    `accessed`, `checked` and `withdrawn.date` are exact days: they show how old the information
    is, and a page that has changed is looked up in an archive by that day.

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
    if at.field.lookup and at.when and not at.when.exact:
        return Problem(
            f"“{at.text}” is not an exact day.",
            "Write the day on which you did this, such as 2026-11-21.",
            at.pointer,
        )
    return None


@date_rule("HC413", "simpler-date", severity=Severity.WARNING)
def simpler_date(at: DateField, _today: date) -> Problem | None:
    """A range that begins and ends on one day is that day; one of all days of a month is a month.

    Each date is written in one way only, so that equal dates can be found.

    Fails:

        date: "2022-10-07/2022-10-07"

    Passes:

        date: "2022-10-07"
    """
    if at.when and (simple := _simpler(at.text, at.when)):
        edits = (Replace(at.pointer, simple),)
        message = f"“{at.text}” means the same as “{simple}”."
        return Problem(message, f"Write “{simple}”.", at.pointer, edits=edits, safe=True)
    return None


def _simpler(text: str, when: dates.Edtf) -> str:
    """Return the single date that a range is equal to, or an empty text."""
    if when.form == "date":
        return ""
    if when.form == "interval":
        first, _, last = text.partition("/")
        return first if first == last and when.starts and when.starts.precision == "day" else ""
    first, _, last = text[1:-1].partition("..")
    if not first or not last:
        return ""
    days = (when.earliest, when.latest)
    for shorter in (first[:4], first[:7], first):
        whole = parsed(shorter)
        if whole and (whole.earliest, whole.latest) == days:
            return shorter
    return ""
