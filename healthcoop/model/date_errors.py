"""What is wrong with a text that is not a date or a duration, and what to write instead.

Imported when the first such text is met; most commands never meet one.
"""

import re
from collections.abc import Callable

from healthcoop.model.edtf import DateError, month_length, numbered, read
from healthcoop.model.month_names import DAYS_IN_WORDS, MONTHS, SPELLINGS

Explanation = tuple[str, str] | None

_USUAL = (
    "Write 2022-10-07, 2022-10 or 2022, followed by ~ or ? where it is not certain "
    "(EDTF: ISO dates, with marks for doubt)."
)
_LONGEST = 80
_QUOTES = "“”„‟«»‹›‘’‚‛\"'`"


def explain(text: str) -> DateError:
    """Return the error for a text that ``edtf.read`` does not accept."""
    if len(text) > _LONGEST:
        return DateError(f"“{_visible(text[:_LONGEST])}…” is too long for a date.", _USUAL)
    bare = text.strip(_QUOTES)
    if bare != text and read(bare):
        return DateError(
            f"{_visible(text)} has quotation marks that are part of it.",
            f"Write {bare} instead, in straight quotes or none.",
            instead=bare,
            sure=True,
        )
    misspelt = _misspelt(text)
    if misspelt:
        words, better, sure = misspelt
        hint = f"Write {better} instead{', if the source states that' * (words in _IN_WORDS)}."
        return DateError(f"“{_visible(text)}” {words}.", hint, instead=better, sure=sure)
    checks: tuple[Callable[[str], Explanation], ...]
    checks = (_in_two_ways, _not_in_calendar, _not_used_here, _bad_set, _bad_interval)
    for check in checks:
        found = check(text)
        if found:
            return DateError(f"“{_visible(text)}” {found[0]}.", found[1])
    return DateError(f"“{_visible(text)}” is not a valid EDTF date.", _USUAL)


def explain_duration(text: str) -> DateError:
    """Return the error for a text that is not a duration."""
    shown = _visible(text[:_LONGEST])
    hint = "Write years, months and days as P5Y, P18M, P2Y6M or P90D."
    if better := counted_out(text):
        return DateError(f"“{shown}” is not a valid ISO 8601 duration.", f"Write {better}.")
    if re.fullmatch(r"P.*T.*", text):
        return DateError(f"“{shown}” has hours or minutes, and terms are whole days.", hint)
    if re.fullmatch(r"P.*[.,].*", text):
        return DateError(f"“{shown}” has a fraction.", "Write P18M for a year and a half.")
    if re.fullmatch(r"P[0YMWD]+", text):
        return DateError(f"“{shown}” has no length.", hint)
    if re.fullmatch(r"p[0-9ymwd]+", text, re.IGNORECASE) and text != text.upper():
        return DateError(f"“{shown}” is in lower case.", f"Write {text.upper()}.")
    return DateError(f"“{shown}” is not a valid ISO 8601 duration.", hint)


_COUNTED = re.compile(r"\s*([0-9]{1,4})[ -]?(year|month|week|day)s?\s*", re.IGNORECASE)


def counted_out(text: str) -> str | None:
    """Return ``P5Y`` for “5 years”; None unless it is a number of years, months, weeks or days."""
    match = _COUNTED.fullmatch(text)
    return match and f"P{int(match[1])}{match[2][0].upper()}" if match else None


def _visible(text: str) -> str:
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def _misspelt(text: str) -> tuple[str, str, bool] | None:
    """Return what is wrong, the date with one change of spelling, and whether that is certain."""
    for words, pattern, respell in _SPELLINGS:
        match = re.fullmatch(pattern, text)
        if match and read(respell(match)):
            doubtful = words in _DOUBTFUL or _DOUBTFUL_FORM.fullmatch(text)
            return words, respell(match), not doubtful
    return None


def _plain(match: re.Match[str]) -> str:
    digits = "".join(str(int(char)) if char.isdecimal() else char for char in match[0])
    return re.sub("[\u2010-\u2015\u2212\ufe63\uff0d]", "-", digits).replace("\uff0f", "/")


def _with_mark_last(match: re.Match[str]) -> str:
    marks = set(re.sub("[^~?%]", "", match[0]))
    return re.sub("[~?%]", "", match[0]) + (marks.pop() if len(marks) == 1 else "%")


def _interval(match: re.Match[str]) -> str:
    """Return two dates around “to” as an interval; the first may lack the year of the second."""
    first, last = match.groups()
    year = re.search("[0-9]{4}", last)
    if year and not re.search("[0-9]{4}", first):
        first = f"{first} {year[0]}"
    return "/".join(_written(end) for end in (first, last))


def _about(match: re.Match[str]) -> str:
    return f"{_written(match[1])}~"


def _written(text: str) -> str:
    """Return a date as it should be written; the text itself where that is unknown."""
    found = None if read(text) else _misspelt(text)
    return found[1] if found else text


def _with_year_first(match: re.Match[str]) -> str:
    """Return the one day that it can be; the text itself where it can be two."""
    first, mark, second, year = match.groups()
    written = dict.fromkeys((numbered(year, second, first), numbered(year, first, second)))
    days = [day for day in written if read(day)]
    # With full stops the day comes first in every country.
    return days[0] if len(days) == 1 or (days and mark == ".") else match[0]


_PART = "names a part of a month or year, where EDTF has “~” at the end"
_IN_WORDS = (DAYS_IN_WORDS, _PART)
_SPELLINGS: tuple[tuple[str, str, Callable[[re.Match[str]], str]], ...] = (
    ("has a space or line break around it", r"(?s)\s.*|.*\s", lambda m: m[0].strip()),
    ("has spaces in it", r".*\s.*", lambda m: re.sub(r"\s", "", m[0])),
    ("has characters that only look like digits or hyphens", r".*[^\x00-\x7f].*", _plain),
    (
        "has a lower-case letter for an unknown digit",
        ".*[xu].*",
        lambda m: re.sub("[xu]", "X", m[0]),
    ),
    ("uses a word for an open end", "(.+)/open", lambda m: f"{m[1]}/.."),
    (
        "uses a word for an unknown end",
        "(.+)/unknown|unknown/(.+)",
        lambda m: f"{m[1] or ''}/{m[2] or ''}",
    ),
    (
        "has a time of day, which a date here does not have",
        r"([0-9-]{10})(?:T| +)[0-9]{1,2}(?:[:.h].*|Z|[+-].*)?",
        lambda m: m[1],
    ),
    (
        "has a day or month 00, and dates are not padded",
        "([0-9]{4}(?:-[0-9]{2})?)(?:-00)+",
        lambda m: re.sub("-00", "", m[0]),
    ),
    ("lacks its hyphens", "([0-9]{4})([0-9]{2})([0-9]{2})?", lambda m: numbered(m[1], m[2], m[3])),
    (
        "is not year-month-day with hyphens and two digits for month and day",
        "([0-9]{4})([-./ ])([0-9]{1,2})[-./ ]([0-9]{1,2})|([0-9]{4})[-. ]([0-9]{1,2})",
        lambda m: numbered(m[1] or m[5], m[3] or m[6], m[4]),
    ),
    (
        "has the month before the year",
        "([0-9]{1,2})[-./ ]([0-9]{4})",
        lambda m: numbered(m[2], m[1]),
    ),
    ("has the year last", r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4})", _with_year_first),
    (
        "has a word for “about”, where EDTF has “~” at the end",
        r"(?i:c\.|ca\.?|c|circa|about|around|approx\.?|approximately) *([0-9X-]+)~?",
        lambda m: f"{m[1]}~",
    ),
    *SPELLINGS,
    (
        DAYS_IN_WORDS,
        "(?i:from +)?(.+?) +(?i:to|until|till|through) +(.+)",
        _interval,
    ),
    (
        _PART,
        "(?i:early|mid|late|(?:the +)?(?:beginning|start|middle|end) +of)[ -]+(.+)",
        _about,
    ),
    ("has a qualifier that is not at its end", "[^/[]*[~?%][^/[]*", _with_mark_last),
    (
        "has a qualifier in a set, which is uncertain by itself",
        r"\[.*[~?%].*",
        lambda m: re.sub("[~?%]", "", m[0]),
    ),
    ("is a set of one date", r"\[(.+)\]", lambda m: m[1]),
)


# A year and month, or a day of a year of two digits; October, where a table took 2022.10 for a
# number.
_DOUBTFUL_FORM = re.compile("[0-9]{6}|[0-9]{4}[-. ][0-9]")
# What is removed here may have had a meaning that only the source shows.
_DOUBTFUL = frozenset(
    {
        *_IN_WORDS,
        "has spaces in it",
        "has a time of day, which a date here does not have",
        "has a qualifier that is not at its end",
        "has a qualifier in a set, which is uncertain by itself",
    }
)


def _in_two_ways(text: str) -> Explanation:
    """Explain a text with the year last, or with two years run together."""
    match = re.fullmatch(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4})", text)
    if match:
        first, _, second, year = match.groups()
        readings = [numbered(year, second, first), numbered(year, first, second)]
        if not all(map(read, readings)):
            return None
        either = " or ".join(f"{reading} for {_in_words(reading)}" for reading in readings)
        return "has the year last, and day and month can be read in two ways", f"Write {either}."
    if re.fullmatch(r"[0-9]{1,2}([-./])[0-9]{1,2}\1[0-9]{2}", text):
        return "has a year of two digits", "Write four digits for the year, and the year first."
    match = re.fullmatch(r"([0-9]{2})([0-9]{2})/([0-9]{1,2})", text)
    if match:
        century, year, other = match.groups()
        readings = [numbered(century + year, other), f"{century}{year}/{century}{other}"]
        either = " or ".join(reading for reading in readings if read(reading))
        return ("has too few digits after the slash", f"Write {either}.") if either else None
    match = re.fullmatch(r"([0-9]{4})-([0-9]{4})|([^][/]+)\.\.([^][/]+)", text)
    if match:
        one, other = match[1] or match[3], match[2] or match[4]
        if read(f"{one}/{other}"):
            return "is not a valid way to write two dates", (
                f"Write {one}/{other} if it lasted from one to the other, "
                f"[{one}..{other}] if it was on one day between."
            )
    return None


def _in_words(day: str) -> str:
    year, month, number = day.split("-")
    return f"{int(number)} {MONTHS[int(month) - 1]} {year}"


_SEASON = "([0-9]{4})-(?:2[1-9]|3[0-9]|4[01])[~?%]?"
_NOT_USED = (
    (
        "is not a valid EDTF date",
        "(?i:unknown)",
        "Only the dates in `terms` and the own dates of a party may be `unknown`; "
        "elsewhere write the days it can be, such as [..2026-11-21].",
    ),
    ("has a negative year", "-[0-9]{4,}.*", "Write a year from 0001 to 9999."),
    (
        "is a year of more than four digits",
        "Y-?[0-9]+(?:E[0-9]+)?(?:S[0-9]+)?",
        "Write a year from 0001 to 9999, without Y.",
    ),
    ("has an exponent", "[0-9]+E[0-9]+(?:S[0-9]+)?", "Write the year in four digits."),
    (
        "counts significant digits",
        "(([0-9]{3})[0-9])S[0-9]+",
        "Write {0}~, or {1}X for the ten years.",
    ),
    (
        "is a season or part of a year, or has too high a month",
        _SEASON,
        "Write the year, {0}, or the months it can be, such as [{0}-03..{0}-05].",
    ),
    (
        "has an X that is not at its end",
        "(?=.*X)[0-9X]{4}(?:-[0-9X]{2}){0,2}[~?%]?",
        "X may stand for the end of a date: 202X, 20XX, 2022-XX, 2022-10-XX, 2022-XX-XX.",
    ),
)


def _not_used_here(text: str) -> Explanation:
    """Explain a form of EDTF that this record format does not use."""
    for words, pattern, hint in _NOT_USED:
        match = re.fullmatch(pattern, text)
        if match:
            return words, hint.format(*match.groups())
    return None


def _not_in_calendar(text: str) -> Explanation:
    match = re.fullmatch("([0-9]{4})(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?[~?%]?", text)
    if match is None or re.fullmatch(_SEASON, text):
        return None
    year, month, day = match.groups()
    if year == "0000":
        return "is in the year 0000, which does not exist", "Write a year from 0001 to 9999."
    if month == "XX":
        return None
    if not 1 <= int(month) <= 12:
        swapped = f"{year}-{day}-{month}"
        hint = "Write a month from 01 to 12."
        if day and read(swapped):
            hint += f" Is it {swapped}?"
        return f"has the month {month}", hint
    length, known = month_length(int(year), int(month)), f"{year}-{month}"
    return f"is not a day: {MONTHS[int(month) - 1]} {year} has {length} days", (
        f"Write a day from 01 to {length}, or {known} if the day is not known."
    )


def _bad_set(text: str) -> Explanation:
    if text.startswith("{"):
        return "is a set of several dates", (
            "A record has one date: write a/b for what lasted from a to b, or make two records."
        )
    if not text.startswith("["):
        return None
    if "," in text:
        return "lists dates, but a set here must be a range", (
            "Write [first..last] if it was on any day between; "
            "else the likelier day with ? and the other in `says` of its source."
        )
    first, dots, last = text[1:].removesuffix("]").partition("..")
    if not dots or not text.endswith("]"):
        return "is not a complete set", "Write [2025-12-22..2025-12-23] or [..2025-12-23]."
    if not last:
        start = first if _is_single(first) and "X" not in first else "2019"
        return "has no last day", (
            "Write the last day it can be, such as the day of its source: "
            f"[{start}..2026-11-21]; what lasts to this day is {start}/.. instead."
        )
    return _bad_ends(first, last, joined="[{}..{}]", empty=("",))


def _bad_interval(text: str) -> Explanation:
    if "/" not in text:
        return None
    first, _, last = text.partition("/")
    if "/" in last:
        return "has more than one slash", "Write 2025-04-07/2025-04-08: two dates, one slash."
    if first in ("", "..") and last in ("", ".."):
        return "has neither start nor end", "Write at least one of the two dates."
    return _bad_ends(first, last, joined="{}/{}", empty=("", ".."))


def _bad_ends(first: str, last: str, *, joined: str, empty: tuple[str, ...]) -> Explanation:
    for end in (first, last):
        single = _is_single(end)
        if end in empty or (single and "X" not in end):
            continue
        if single:
            better = end.replace("-XX", "").rstrip("~?%")
            return "has unspecified digits in one of two dates", (
                f"Write {better} for {end}." if "X" not in better else f"Write a year for {end}."
            )
        if read(end):
            return "has more than a single date at one end", "Write one interval or one set."
        inner = explain(end)
        return f"is not valid: {inner.message.removesuffix('.')}", inner.hint
    return "ends before it begins", f"Write {joined.format(last, first)} if the two are swapped."


def _is_single(text: str) -> bool:
    found = read(text)
    return found is not None and found.form == "date"
