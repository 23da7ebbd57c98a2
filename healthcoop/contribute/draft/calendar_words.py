"""Patterns for the dates of a language: its names of months and weekdays, from CLDR and ours."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from healthcoop.contribute.languages import words
from healthcoop.errors import HealthcoopError
from healthcoop.model.folding import fold

YEAR = "(?:1[89]|20)[0-9]{2}"
_FORMS = (
    # 30 March - 2 April 2025; March 30 to April 2, 2025; 7-9 April 2025; April 7-9, 2025
    "{d}{of}{m}(?:{comma}{y})?{to}{d2}{of}{m2}(?:{comma}{y2})?",
    r"{m}\s+{d}(?:{comma}{y})?{to}{m2}\s+{d2}(?:{comma}{y2})?",
    "{d}{to}{d2}{of}{m}(?:{comma}{y})?",
    r"{m}\s+{d}{to}{d2}(?:{comma}{y})?",
    # 8 April 2025; April 8, 2025; 2025, April 8
    "{d}{of}{m}(?:{comma}{y})?",
    r"{m},?\s+{d}(?:{comma}{y})?",
    r"{y},?\s+{m}\s+{d}(?:{to}{d2})?",
    # April 2025; 2025 April; in April; in 2025
    "{m}{comma}{y}",
    r"{y},?\s+{m}",
    "{in}{m}",
    "{in}{y}",
    "{year_with_ending}",
    # 2025-04-08, 2025/04/08, 2025.04.08; 08/04/2025, 08.04.2025, 08-04-2025
    r"(?<![\w./-])(?P<y>{YEAR})(?P<mark>[-/.])(?P<m>[0-9][0-9]?)(?P=mark)(?P<d>[0-9][0-9]?)(?![0-9/-])",
    r"(?<![\w./-])(?P<a>[0-9][0-9]?)(?P<mark>[-/.])(?P<b>[0-9][0-9]?)(?P=mark)(?P<y>{YEAR})(?![0-9/]|-[0-9])",
    # 08/04, after a preposition, where the day is first
    "{on}(?P<d>[0-3][0-9])/(?P<m>0[1-9]|1[0-2])(?![0-9/])",
    "{w}",
    "{phrase}",
)
"""The forms of dates. Groups: y m d, and y2 m2 d2 of a range's end; a b y of figures; w; phrase."""


@dataclass(frozen=True)
class Calendar:
    """The names and patterns of a language.

    ``months`` and ``weekdays`` are numbers by folded name, Monday being 0; ``phrases`` are units
    and offsets (``-1d``) by folded phrase; ``table`` is the section of our own words.
    """

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    phrases: Mapping[str, str]
    table: Mapping[str, Any]
    patterns: tuple[re.Pattern[str], ...]


@cache
def calendar(language: str) -> Calendar:
    """Return the calendar of a language, with the English names too.

    Raises HealthcoopError where Babel is not installed.
    """
    table = {**words("en", "dates"), **words(language, "dates")}
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for name in dict.fromkeys(("en", language)):
        own = words(name, "dates")
        months |= _names(_months(name), own.get("months", {}))
        weekdays |= _names(_weekdays(name), own.get("weekdays", {}))
    patterns = _patterns(months, weekdays, table)
    return Calendar(
        months=_folded(months),
        weekdays=_folded(weekdays),
        phrases=_folded(table["relative"]),
        table=table,
        patterns=tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns),
    )


def _folded(names: Mapping[str, Any]) -> dict[str, Any]:
    return {fold(name): value for name, value in names.items()}


def _either(texts: Iterable[str]) -> str:
    """Return a pattern for any of some texts, also without accents, the longest first."""
    spellings = {spelling for text in texts for spelling in (text, fold(text))}
    ordered = sorted(spellings, key=lambda text: (-len(text), text))
    if not ordered:
        return "(?!)"
    return "(?:" + "|".join(re.escape(text).replace(r"\ ", r"\s+") for text in ordered) + ")"


def _names(cldr: Mapping[str, int], own: Mapping[str, Iterable[str]]) -> dict[str, int]:
    found = {name.rstrip("."): number for name, number in cldr.items()}
    return found | {name: int(number) for number, names in own.items() for name in names}


def _months(language: str) -> dict[str, int]:
    locale = _locale(language)
    return {
        name: number
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in locale.months[context][width].items()
    }


def _weekdays(language: str) -> dict[str, int]:
    locale = _locale(language)
    return {
        name: number
        for context in ("format", "stand-alone")
        for number, name in locale.days[context]["wide"].items()
    }


def _locale(language: str) -> Any:
    try:
        from babel import Locale, UnknownLocaleError
    except ImportError:
        raise HealthcoopError(
            "finding dates in articles needs Babel", hint="pip install 'healthcoop[contribute]'"
        ) from None
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def _patterns(
    months: Mapping[str, int], weekdays: Mapping[str, int], table: Mapping[str, Any]
) -> list[str]:
    """Return the patterns of ``_FORMS`` for a language."""
    day = (
        f"3[01]|[12][0-9]|0?[1-9])(?![0-9%]|:[0-9])(?:\\s?{_either(table['day_endings'])}(?!\\w))?"
    )
    month = f"{_either(months)})(?:['’]?{_either(table['month_endings'])})?(?!\\w)\\.?"
    year = f"{YEAR})(?![0-9]|[.,][0-9])(?:\\s?{_either(table['year_endings'])}(?!\\w))?"
    of, to = _either(table["of"]), _either(table["to"])
    parts = {
        "to": f"(?:\\s*[-–—]\\s*|\\s+{to}\\s+(?:{_either(table['articles'])}\\s+)*)",
        "of": f"(?:\\s*[-./]\\s*|\\s+(?:{of}\\s+)?)",
        "comma": f"(?:\\s*[,/-]\\s*|\\s+)(?:{of}\\s+)?",
        "in": f"(?<!\\w){_either(table['in'])}[\\s-]+",
        "on": f"(?<!\\w){_either(table['on'] if table['day_first'] else ())}\\s",
        "w": f"(?<!\\w)(?P<w>{_either(weekdays)})(?!\\w)",
        "phrase": f"(?<!\\w)(?P<phrase>{_either(table['relative'])})(?!\\w)",
        "year_with_ending": f"(?P<y>{YEAR})\\s?{_either(table['year_endings'])}(?!\\w)",
        "YEAR": YEAR,
    }
    for n in ("", "2"):
        parts[f"d{n}"] = f"(?<![\\w.:/])(?P<d{n}>{day}"
        parts[f"m{n}"] = f"(?<!\\w)(?P<m{n}>{month}"
        parts[f"y{n}"] = f"(?<![\\w.:])(?P<y{n}>{year}"
    return [form.format_map(parts) for form in _FORMS]
