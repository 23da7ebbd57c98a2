"""What the marks of an uncertain or approximate date mean, in words."""

from healthcoop.model.edtf import Edtf, read
from healthcoop.model.month_names import MONTHS


def marked_date(text: str) -> str:
    """Return a date with a mark in words: “14 September 2019, uncertain”; empty for any other."""
    found = read(text)
    return _in_words(found) if found and found.qualified else ""


def _in_words(found: Edtf) -> str:
    if found.form == "interval":
        ends = (_in_words(end) if end else "an open end" for end in (found.starts, found.ends))
        return " to ".join(ends)
    marks = [
        *(["approximate"] if found.approximate else ()),
        *(["uncertain"] if found.uncertain else ()),
    ]
    return ", ".join([_day(found), *filter(None, [" and ".join(marks)])])


def _day(found: Edtf) -> str:
    day = found.earliest
    if day is None or found.precision not in ("day", "month"):
        return found.text.rstrip("~?%")
    month = f"{MONTHS[day.month - 1]} {day.year}"
    return f"{day.day} {month}" if found.precision == "day" else month
