"""Dates, numbers and addresses as the pages of the site write them."""

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from healthcoop.files.visible import visible
from healthcoop.model.edtf import Edtf, read
from healthcoop.model.month_names import MONTHS
from healthcoop.model.spec import FIELDS

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary

_DATES = 4096  # many pages have the same
_LANGUAGE = FIELDS["sources.language"].pattern
_FULL = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_WORD = re.compile(r"[^\s;,]+")
# Neither in an interval nor with a mark: those are read as a whole.
_ISO_DATE = re.compile(r"(?<![\w/.\[-])[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?(?![\w/\]~?%-]|\.\.)")


@lru_cache(_DATES)
def date_in_words(text: str | None) -> str:
    """Return an EDTF date in English: ``7 October 2022``, ``about June 2023``, ``2019 or 2020``.

    A text that is not a date stays as it is; empty for none.
    """
    found = read(text) if text else None
    return _words(found) if found else text or ""


def day_in_words(day: date) -> str:
    """Return a day: ``7 October 2022``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _words(found: Edtf) -> str:
    if found.form == "interval":
        return _interval(found)
    if found.form == "set":
        return _set(found)
    words = _plain(found)
    if found.approximate:
        words = f"about {words}"
    return f"{words} (uncertain)" if found.uncertain else words


def _plain(found: Edtf) -> str:
    text = found.text.rstrip("~?%")
    if not _FULL.fullmatch(text):
        return _unspecified(text)
    year, *rest = map(int, text.split("-"))
    if not rest:
        return f"{year}"
    month = f"{MONTHS[rest[0] - 1]} {year}"
    return f"{rest[1]} {month}" if len(rest) > 1 else month


def _unspecified(text: str) -> str:
    """Return a date with unknown digits: ``an unknown day of May 2020``, ``the 1990s``."""
    year, _, rest = text.partition("-")
    if "X" in year:
        if year.endswith("XX"):
            return f"between {year.replace('X', '0')} and {year.replace('X', '9')}"
        return f"the {year[:-1]}0s"
    month, _, _day = rest.partition("-")
    if "X" in month:
        return f"an unknown month of {year}" if not _day else f"an unknown day of {year}"
    return f"an unknown day of {MONTHS[int(month) - 1]} {year}"


def _interval(found: Edtf) -> str:
    starts, ends = found.starts, found.ends
    if starts and ends:
        return _closed(starts, ends)
    if starts:
        open_end = found.text.endswith("..")
        return f"from {_words(starts)}" + ("" if open_end else " to an unknown day")
    return f"up to {_words(ends)}" if ends else found.text


def _closed(starts: Edtf, ends: Edtf) -> str:
    """Return two ends, without the month and year that they share."""
    first, last = _words(starts), _words(ends)
    plain = (starts.text + ends.text).replace("-", "").isdigit()
    if plain and starts.precision == ends.precision == "day":
        if starts.text[:7] == ends.text[:7]:
            return f"{int(starts.text[8:])}–{last}"
        if starts.text[:4] == ends.text[:4]:
            return f"{first.rpartition(' ')[0]} – {last}"
    if plain and starts.precision == ends.precision == "year":
        return f"{first}–{last}"
    return f"{first} to {last}"


def _set(found: Edtf) -> str:
    first, _, last = found.text.strip("[]").partition("..")
    if first:
        return f"between {date_in_words(first)} and {date_in_words(last)}"
    return f"up to {date_in_words(last)}"


@lru_cache(_DATES)
def machine_date(text: str | None) -> str:
    """Return what ``datetime`` of HTML's ``time`` accepts: a day, month or year; else empty."""
    return text if text and _FULL.fullmatch(text) and read(text) else ""


def language_tag(text: str | None) -> str:
    """Return what ``lang`` of HTML accepts, as the records' schema has it; else empty."""
    return text if text and re.fullmatch(_LANGUAGE, text) else ""


def host(address: str) -> str:
    """Return the host of a web address, for people."""
    try:
        name = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return visible(name.removeprefix("www."))


def with_dates(text: str) -> str:
    """Return a sentence of ours with its ISO days and months in words; marked dates stay."""
    return _ISO_DATE.sub(lambda found: date_in_words(found[0]), text)


def reason_in_words(reason: str, names: "Vocabulary") -> str:
    """Return the reason of a status with its dates in words, and the names of its parties."""

    def word(found: re.Match[str]) -> str:
        token = found[0]
        if token in names.countries or token in names.organisations:
            return names.label(token)
        return date_in_words(token)

    return _WORD.sub(word, reason)


def fact_name(path: str) -> str:
    """Return a field of a record as people read it: ``terms.in_force`` is ``terms: in force``."""
    return path.replace("_", " ").replace(".", ": ")


def number(value: float) -> str:
    """Return a number with a comma between thousands."""
    return f"{value:,}"


def share(value: float | None) -> str:
    """Return a share of 1 in per cent; a dash for one of nothing."""
    if value is None:
        return "–"
    return f"{value:.0%}" if value <= 1 else f"{value:.1f}"


def size(octets: int) -> str:
    """Return the size of a file: ``850 kB``, ``2.1 MB``."""
    return f"{octets / 1e6:,.1f} MB" if octets >= 999_500 else f"{max(1, round(octets / 1e3))} kB"


def lines(text: str) -> list[str]:
    """Return the lines of a text, each safe to show."""
    return [visible(line) for line in text.splitlines()]


def published_path(path: str) -> str:
    """Return a page's path as a server publishes it: that of a folder for its index.html."""
    return path.removesuffix("index.html")
