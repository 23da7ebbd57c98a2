"""Encounters as a calendar: iCalendar (RFC 5545), with the names of RFC 7986.

A calendar knows days, so a date known by month or year is not one of its events. RFC 5545 has a
component for what has no day: a VJOURNAL without DTSTART "is not associated with any particular
date" and takes no time in a calendar. A VTODO without one would be due every day.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from healthcoop import __version__
from healthcoop.export.extract import Extract
from healthcoop.export.markup import web_address
from healthcoop.files.visible import visible
from healthcoop.model import dates
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.record import Place, Record
from healthcoop.model.vocabulary import Vocabulary

_LINE = 75  # octets of a line, without its end
_NOT_ENCOUNTERS = "left out: not encounters"
_NO_DAY = "without a place in the calendar, as journal entries: no full day is known"


def write_ics(extract: Extract) -> Iterator[str]:
    """Write a VEVENT for each encounter of one day or several, a VJOURNAL for each other one."""
    data = extract.provenance.as_data()
    head = {
        "BEGIN": "VCALENDAR",
        "VERSION": "2.0",
        "PRODID": f"-//healthcoop//healthcoop {__version__}//EN",
        "NAME": _text(data["title"]),
        "X-WR-CALNAME": _text(data["title"]),
        "DESCRIPTION": _text(f"{data['citation']} Licence: {data['licence']}"),
        "X-HEALTHCOOP-FORMAT": _text(data["format"]),
    }
    yield _lines(head)
    for indexed in extract.records():
        if indexed.kind == "encounter":
            yield _component(extract, indexed)
        else:
            extract.note(_NOT_ENCOUNTERS)
    yield _lines({"END": "VCALENDAR"})


def days(text: str) -> tuple[date, date] | None:
    """Return the first and last day of a date that gives both in full, marked ``~ ? %`` or not.

    One of a set of days is not a day that is given, nor is the first day of a month.
    """
    when = dates.read(text)
    if when is None or when.form == "set":
        return None
    ends = (when.starts, when.ends) if when.form == "interval" else (when, when)
    first, last = (end.earliest if end and end.precision == "day" else None for end in ends)
    return (first, last) if first and last else None


def _component(extract: Extract, indexed: IndexedRecord) -> str:
    record, names = indexed.record, extract.vocabulary
    span = days(record.date)
    name = "VEVENT" if span else "VJOURNAL"
    properties = {
        "BEGIN": name,
        "UID": _text(f"{record.id}@healthcoop"),
        "DTSTAMP": extract.day(indexed).replace("-", "") + "T000000Z",
        **(_when(*span) if span else {}),
        "SUMMARY": _text(record.title),
        "DESCRIPTION": _text(_description(record)),
        "CATEGORIES": ",".join(_text(names.label_in("topics", code)) for code in record.topics),
        "URL": next(filter(None, (web_address(source.url) for source in record.sources)), ""),
        "STATUS": _status(record),
        "X-HEALTHCOOP-DATE": _text(record.date),
    }
    if span:
        properties["LOCATION"] = _text("; ".join(_place(place, names) for place in record.places))
        properties["TRANSP"] = "TRANSPARENT"
    else:
        extract.note(_NO_DAY)
    return _lines({**properties, "END": name})


def _when(first: date, last: date) -> dict[str, str]:
    """Return the days as DATE values; the end, which is not part of it, is the day after."""
    start = {"DTSTART;VALUE=DATE": f"{first:%Y%m%d}".zfill(8)}
    if last == date.max:
        return start
    return {**start, "DTEND;VALUE=DATE": f"{last + timedelta(1):%Y%m%d}".zfill(8)}


def _status(record: Record) -> str:
    if record.withdrawn:
        return "CANCELLED"
    when = dates.read(record.date)
    if days(record.date) is None:
        return "FINAL"
    return "TENTATIVE" if when and when.qualified else "CONFIRMED"


def _description(record: Record) -> str:
    withdrawn = [f"Withdrawn: {record.withdrawn.reason}"] if record.withdrawn else []
    sources = [f"Source: {source.url}" for source in record.sources]
    return "\n".join([*withdrawn, record.summary, f"Date: {record.date}", *sources])


def _place(place: Place, names: Vocabulary) -> str:
    country = names.label(place.country) if place.country else ""
    return ", ".join(filter(None, (place.venue, place.city, country)))


def _text(value: str) -> str:
    """Return a value of the type TEXT: controls made visible, what has a meaning escaped."""
    lines = [visible(line) for line in value.splitlines()]
    escaped = "\n".join(lines).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _lines(properties: Mapping[str, str]) -> str:
    return "".join(_folded(f"{name}:{value}") for name, value in properties.items() if value)


def _folded(line: str) -> str:
    """Return a line with its end, folded at 75 octets and never within a character."""
    parts, size = [""], 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LINE:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += octets
    return "\r\n".join(parts) + "\r\n"
