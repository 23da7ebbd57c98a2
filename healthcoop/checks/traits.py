"""What a record has that rules look at, so that only those run that may have something to say."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from healthcoop.checks.addresses import is_plain
from healthcoop.model import dates
from healthcoop.model.spec import DATES, FIELDS, ORDER

ODD_DATE = "odd date"
"""The trait of a record with a date that is not simply a day up to today, in years that can be.

A first of January is odd too: often only the year was known.
"""
ODD_ADDRESS = "odd address"
"""The trait of a record with an address that is more, or less, than a public page's."""
SEVERAL_SOURCES = "several sources"
ODD_PLACE = "odd place"
"""The trait of a record whose file is not where its id says."""
FIRST_EVENT, FIRST_LOOK = "1851", "1991"
"""The years of the first International Sanitary Conference, and from which on the web was open."""

_PARTS: Mapping[str, Mapping[str, str]] = {
    part: {name: f"{part}.{name}" for name in names} for part, names in ORDER.items() if part
}
_FIRST_YEAR: Mapping[str, str] = {
    path: FIRST_LOOK if FIELDS[path].lookup else FIRST_EVENT for path in DATES
}
_ADDRESSES = frozenset({"sources.url", "links.url"})


def traits(path: str, data: Mapping[str, Any], today: str) -> frozenset[str]:
    """Name the fields of a record's plain data, parts as ``parties.role``, and what is odd in it.

    ``path`` is its file's, ``today`` is written as dates are.
    """
    found = set(data)
    for key in _PARTS.keys() & found:
        _look_at_parts(key, data[key], today, found)
    if not _is_plain_day(data.get("date"), FIRST_EVENT, today):
        found.add(ODD_DATE)
    if "text_url" in data and not _is_plain_address(data["text_url"]):
        found.add(ODD_ADDRESS)
    if len(data.get("sources", ())) > 1:
        found.add(SEVERAL_SOURCES)
    ident = data.get("id")
    if not (ident.__class__ is str and path == f"records/{ident[:4]}/{ident}.yaml"):
        found.add(ODD_PLACE)
    return frozenset(found)


def _look_at_parts(key: str, value: Any, today: str, found: set[str]) -> None:
    names = _PARTS[key]
    for part in value if value.__class__ is list else (value,):
        for name in part if part.__class__ is dict else ():
            dotted = names.get(name)
            if dotted is None:
                continue
            found.add(dotted)
            if dotted in _FIRST_YEAR:
                if not _is_plain_day(part[name], _FIRST_YEAR[dotted], today):
                    found.add(ODD_DATE)
            elif dotted in _ADDRESSES and not _is_plain_address(part[name]):
                found.add(ODD_ADDRESS)


def _is_plain_day(value: Any, first_year: str, today: str) -> bool:
    return value.__class__ is str and _is_day(value) and first_year <= value <= today


def _is_plain_address(value: Any) -> bool:
    return value.__class__ is str and is_plain(value)


@lru_cache(maxsize=1 << 15)
def _is_day(text: str) -> bool:
    when = dates.read(text)
    return bool(when and when.exact and len(text) == 10 and not text.endswith("-01-01"))
