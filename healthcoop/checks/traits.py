"""What a record has that rules look at, so that only those run that may have something to say."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from healthcoop.model import dates
from healthcoop.model import record as model

ODD_DATE = "odd date"
"""The trait of a record with a date that is not simply a day between 1991 and today.

A first of January is odd too: often only the year was known.
"""

_PARTS: Mapping[str, Mapping[str, str]] = {
    key: {name: f"{key}.{name}" for name in part.__slots__}  # type: ignore[attr-defined]
    for key, part in {
        "places": model.Place,
        "parties": model.Party,
        "people": model.Person,
        "terms": model.Terms,
        "official_title": model.OfficialTitle,
        "identifiers": model.Identifier,
        "links": model.Link,
        "sources": model.Source,
        "withdrawn": model.Withdrawal,
    }.items()
}
_DATES = frozenset(
    {
        *("date", "parties.signed", "parties.ratified", "parties.acceded", "parties.in_force"),
        *("parties.left", "terms.in_force", "terms.period", "terms.ended", "terms.checked"),
        *("links.date", "sources.published", "sources.accessed", "withdrawn.date"),
    }
)


def traits(data: Mapping[str, Any], today: str) -> frozenset[str]:
    """Name the fields of a record's plain data, parts as ``parties.role``, and an odd date.

    ``today`` is written as dates are.
    """
    found = set(data)
    for key, names in _PARTS.items():
        if key not in data:
            continue
        value = data[key]
        for part in value if value.__class__ is list else (value,):
            if part.__class__ is not dict:
                continue
            for name in part:
                dotted = names.get(name)
                if dotted is None:
                    continue
                found.add(dotted)
                if dotted in _DATES and not _is_plain(part[name], today):
                    found.add(ODD_DATE)
    if not _is_plain(data.get("date"), today):
        found.add(ODD_DATE)
    return frozenset(found)


def _is_plain(value: Any, today: str) -> bool:
    return value.__class__ is str and _is_day(value) and value <= today


@lru_cache(maxsize=1 << 15)
def _is_day(text: str) -> bool:
    when = dates.read(text)
    return bool(
        when and when.exact and len(text) == 10 and text >= "1991" and not text.endswith("-01-01")
    )
