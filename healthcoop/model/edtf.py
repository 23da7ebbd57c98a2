"""EDTF: from the text of a date to its earliest and latest day, and its place in an order.

The forms are those of ISO 8601-2 (EDTF) levels 0 and 1 without times of day, seasons, negative
and long years, and one form of level 2, the day somewhere in a range (``[a..b]``, ``[..b]``).
Years run from 0001 to 9999. ``~ ? %`` never move the earliest and latest day; ``dates.widen`` does.

Source: Library of Congress, Extended Date/Time Format (EDTF) Specification, 4 February 2019.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

Days = tuple[date | None, date | None]
Form = Literal["date", "interval", "set"]
Precision = Literal["day", "month", "year", "decade", "century"]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([~?%]?)")
_UNSPECIFIED = re.compile(r"([0-9]{3}X|[0-9]{2}XX|[0-9]{4}(?:-XX|-[0-9]{2})?-XX)([~?%]?)")
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class DateError(ValueError):
    """A text that is not a valid date or duration.

    ``message`` is a sentence with the value, ``hint`` what to write instead; ``instead`` is the
    replacement where there is only one, ``sure`` whether it can mean nothing else.
    """

    def __init__(
        self, message: str, hint: str, *, instead: str | None = None, sure: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.instead = instead
        self.sure = sure


def numbered(year: str, month: str, day: str | None = None) -> str:
    """Return a date from the digits of its parts, with two for month and day."""
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])


@dataclass(frozen=True, slots=True)
class Edtf:
    """A parsed date: the earliest and latest day it can mean, and how well it is known.

    ``earliest`` is None for ``../b``, ``/b`` and ``[..b]``, ``latest`` for ``a/..`` and ``a/``.
    ``precision`` is that of a single date, else None. ``approximate`` (``~ %``) and ``uncertain``
    (``? %``) are true of an interval when they are of either end; ``starts`` and ``ends`` are the
    two ends of an interval, None where it is open or unknown.
    """

    text: str
    form: Form
    earliest: date | None
    latest: date | None
    precision: Precision | None = None
    approximate: bool = False
    uncertain: bool = False
    starts: "Edtf | None" = None
    ends: "Edtf | None" = None

    @property
    def qualified(self) -> bool:
        """Whether a ``~``, ``?`` or ``%`` stands in the text."""
        return self.approximate or self.uncertain

    @property
    def exact(self) -> bool:
        """Whether it is one day without a qualifier."""
        return self.precision == "day" and not self.qualified

    @property
    def year(self) -> int:
        """The year it counts in: of the earliest day, or of the latest where there is none."""
        return self.sort_key[0].year

    @property
    def sort_key(self) -> tuple[date, date]:
        """The order of dates: by earliest day, else latest; then by latest, none being last."""
        latest = self.latest or date.max
        return self.earliest or latest, latest


@lru_cache(maxsize=1 << 15)
def read(text: str) -> Edtf | None:
    """Parse a date as ``parse`` does; returns None for any other text."""
    if _DAY.fullmatch(text):  # nearly every date of the data
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return None
        return Edtf(text, "date", day, day, "day")
    if "/" in text:
        return _read_interval(text)
    if text.startswith("["):
        return _read_set(text)
    return _read_date(text) or _read_unspecified(text)


def month_length(year: int, month: int) -> int:
    """Return the number of days in a month."""
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _MONTH_LENGTHS[month - 1] + leap


def _read_date(text: str) -> Edtf | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day, mark = int(match[1]), int(match[2] or 1), int(match[3] or 1), match[4]
    try:
        earliest = date(year, month, day)
    except ValueError:
        return None
    precision: Precision
    if match[3]:
        precision, latest = "day", earliest
    elif match[2]:
        precision, latest = "month", date(year, month, month_length(year, month))
    else:
        precision, latest = "year", date(year, 12, 31)
    return Edtf(text, "date", earliest, latest, precision, *_flags(mark))


def _read_unspecified(text: str) -> Edtf | None:
    match = _UNSPECIFIED.fullmatch(text)
    if match is None:
        return None
    body, flags = match[1], _flags(match[2])
    if "-" in body:
        known = _read_date(body.replace("-XX", ""))
        return known and Edtf(text, "date", known.earliest, known.latest, known.precision, *flags)
    first = date(max(1, int(body.replace("X", "0"))), 1, 1)
    last = date(int(body.replace("X", "9")), 12, 31)
    return Edtf(text, "date", first, last, "century" if body[2] == "X" else "decade", *flags)


def _flags(mark: str) -> tuple[bool, bool]:
    return mark in ("~", "%"), mark in ("?", "%")


def _read_interval(text: str) -> Edtf | None:
    first, _, last = text.partition("/")
    starts, ends = _read_date(first), _read_date(last)
    if not (starts or ends) or not (starts or first in ("", "..")):
        return None
    if not (ends or last in ("", "..")):
        return None
    earliest = starts.earliest if starts else None
    latest = ends.latest if ends else None
    if earliest and latest and latest < earliest:
        return None
    approximate = any(end.approximate for end in (starts, ends) if end)
    uncertain = any(end.uncertain for end in (starts, ends) if end)
    return Edtf(text, "interval", earliest, latest, None, approximate, uncertain, starts, ends)


def _read_set(text: str) -> Edtf | None:
    first, dots, last = text[1:-1].partition("..")
    one, other = _read_date(first), _read_date(last)
    if not (dots and other and (one or not first) and text.endswith("]")):
        return None
    if other.qualified or (one and one.qualified):
        return None
    earliest, latest = one.earliest if one else None, other.latest
    if earliest and latest and latest < earliest:
        return None
    return Edtf(text, "set", earliest, latest)
