"""Dates with the name of their month, in English or French, as they should be written."""

import re
from collections.abc import Callable

from healthcoop.model.edtf import numbered, read

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_FRENCH = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
    *("août", "septembre", "octobre", "novembre", "décembre"),
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_IN_WORDS = "gives days in words, where EDTF has a slash"


def _month_number(name: str) -> str:
    """Return the number of a month by its English name or the beginning of it, or its French name.

    Empty where there is no such month.
    """
    name = name.lower()
    for number, (english, french) in enumerate(zip(MONTHS, _FRENCH, strict=True), 1):
        if english.lower().startswith(name) or french == name:
            return str(number)
    return ""


def _month_year(match: re.Match[str]) -> str:
    weekday, before, name, after, year = match.groups()
    number = _month_number(name)
    found = numbered(year, number, before or after) if number else match[0]
    return found if weekday is None or _is_on(weekday, found) else match[0]


def _is_on(weekday: str, day: str) -> bool:
    when = read(day)
    if when is None or when.earliest is None or not when.exact:
        return False
    return _WEEKDAYS[when.earliest.weekday()] == weekday.lower()


def _year_month(match: re.Match[str]) -> str:
    number = _month_number(match[2])
    return numbered(match[1], number, match[3]) if number else match[0]


def _days(match: re.Match[str]) -> str:
    before, first, last, after, year = match.groups()
    number = _month_number(before or after) if before or after else ""
    return "/".join(numbered(year, number, day) for day in (first, last)) if number else match[0]


_NTH = "([0-9]{1,2})(?:st|nd|rd|th|er)?"
_MONTH = "([A-Za-zéû]{3,9})"
_WEEKDAY = r"(?i:(mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?\.?)"
SPELLINGS: tuple[tuple[str, str, Callable[[re.Match[str]], str]], ...] = (
    (
        "has the month in words",
        rf"(?:{_WEEKDAY},? +)?(?:{_NTH}\.? +)?{_MONTH}\.?(?: +{_NTH},?)? +([0-9]{{4}})",
        _month_year,
    ),
    ("has the month in words", rf"([0-9]{{4}}),? +{_MONTH}\.?(?: +{_NTH})?", _year_month),
    (
        DAYS_IN_WORDS,
        rf"(?:{_MONTH}\.? +)?{_NTH} *(?:[-–]|to) *{_NTH}(?: +{_MONTH})?\.?,? +([0-9]{{4}})",
        _days,
    ),
)
"""What is said of such a text, a pattern for it, and the function that rewrites it."""
