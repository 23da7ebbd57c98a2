"""Dates and durations: parsed or refused with an explanation, widened, and added.

The parser itself is in ``model/edtf.py``, the explanations of errors in ``model/date_errors.py``.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from healthcoop.model.edtf import DateError, Days, Edtf, month_length, read

__all__ = ["DateError", "Days", "Duration", "Edtf", "add", "bounds", "duration", "parse", "read"]
__all__ += ["month_length", "widen"]


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in whole ``months`` and ``days``; a year is twelve months, a week 7 days."""

    text: str
    months: int
    days: int

    @property
    def words(self) -> str:
        """The length in words: ``2 years 6 months``."""
        years, months = divmod(self.months, 12)
        counts = ((years, "year"), (months, "month"), (self.days, "day"))
        return " ".join(f"{n} {unit}{'s' * (n > 1)}" for n, unit in counts if n)


def parse(text: str) -> Edtf:
    """Parse a date; raises DateError, with what to write instead, for any other text."""
    found = read(text)
    if found is None:
        from healthcoop.model.date_errors import explain

        raise explain(text)
    return found


def bounds(text: str) -> tuple[str | None, str | None]:
    """Return the earliest and latest day as ISO text; raises DateError."""
    found = parse(text)
    return (
        found.earliest.isoformat() if found.earliest else None,
        found.latest.isoformat() if found.latest else None,
    )


def widen(edtf: Edtf) -> Days:
    """Return the earliest and latest day, widened where qualified: our rule, not EDTF's.

    A qualified day is widened by 31 days on each side, a month by a year, a year by ten, and, in
    the same steps to the next larger unit, a decade by a hundred years and a century by a thousand;
    never beyond the calendar. Without a qualifier nothing changes; each end of an interval is
    widened by its own qualifier.
    """
    if edtf.form == "interval":
        return (
            widen(edtf.starts)[0] if edtf.starts else None,
            widen(edtf.ends)[1] if edtf.ends else None,
        )
    earliest, latest = edtf.earliest, edtf.latest
    if not edtf.qualified or earliest is None or latest is None:
        return earliest, latest
    if edtf.precision == "day":
        return _shift(earliest, days=-31), _shift(latest, days=31)
    months = {"month": 12, "year": 120, "decade": 1200, "century": 12000}[edtf.precision or ""]
    last = _shift(latest.replace(day=1), months=months)
    last = last.replace(day=month_length(last.year, last.month))  # February ends on 28 or 29
    return _shift(earliest, months=-months), last


def duration(text: str) -> Duration:
    """Parse an ISO 8601 duration of years, months and days (``P2Y6M``) or weeks (``P4W``).

    Raises DateError for any other, including times of day, fractions and a length of zero.
    """
    match = re.fullmatch(
        r"P(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,5})D)?|P([0-9]{1,4})W", text
    )
    years, months, days, weeks = (int(part or 0) for part in match.groups()) if match else (0,) * 4
    if years or months or days or weeks:
        return Duration(text, years * 12 + months, days + weeks * 7)
    from healthcoop.model.date_errors import explain_duration

    raise explain_duration(text)


def add(day: date, length: Duration) -> date:
    """Return the day that much later: months first, up to the month's last day, then days.

    A day after 9999-12-31 becomes that day.
    """
    return _shift(day, months=length.months, days=length.days)


def _shift(day: date, *, months: int = 0, days: int = 0) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return date.min if year < 1 else date.max
    moved = date(year, month + 1, min(day.day, month_length(year, month + 1)))
    try:
        return moved + timedelta(days)
    except OverflowError:
        return date.min if days < 0 else date.max
