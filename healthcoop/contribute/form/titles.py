"""A title proposed for a new record, composed from its facts alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from healthcoop.model.record import Record
from healthcoop.model.vocabulary import Vocabulary

_VERBS = {"meeting": "meet", "call": "speak by telephone", "conference": "hold a conference"}
_MOST_NAMED = 3
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ACTS = {"declaration": "adopt a declaration", "exchange-of-notes": "exchange notes"}

# Organisations better known by their code than by their name.
_BY_CODE = frozenset(
    {"ASEAN", "BRICS", "CARICOM", "ECOWAS", "FAO", "PAHO", "SADC", "WHO"}
    | {"UNAIDS", "UNDP", "UNFPA", "UNICEF"}
)

# Names with an article, by their first or last word.
_BEFORE_NOUNS = frozenset({"United", "Central", "World", "Holy", "Czech", "DR", "Organization"})
_PLURALS = frozenset({"Netherlands", "Philippines", "Maldives", "Bahamas", "Comoros", "Seychelles"})
_COMMON_NOUNS = frozenset(
    {"Islands", "Union", "Organization", "Organisation", "Republic", "Fund", "Bank", "States"}
    | {"Community", "Council", "Agency", "Association", "Network", "System", "Programme"}
)


def proposed_title(data: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """Return a title for the facts of a record; empty where they do not suggest one.

    Raises ShapeError for data that is no record.
    """
    record = Record.from_data(data)
    names = [name_in_title(party.code, vocabulary) for party in record.sides]
    if len(names) < 2:
        return ""
    if len(names) > _MOST_NAMED:
        names = _counted([party.code for party in record.sides], vocabulary)
    if len(names) > _MOST_NAMED:
        return ""
    who = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    who = who[0].upper() + who[1:]
    place = next((f" in {place.city}" for place in record.places if place.city), "")
    if vocabulary.kind(record.type) == "instrument":
        what = _lower(vocabulary.types[record.type].label)
        article = "an" if what[0] in "aeiou" else "a"
        about = _topics(record, vocabulary)
        act = _ACTS.get(record.type, f"sign {article} {what}")
        return f"{who} {act}{f' on {about}' if about else ''}{place}"
    hosts = (name_in_title(party.code, vocabulary) for party in record.sides if party.role)
    host = next(hosts, "")
    guests = [name for name in names if name != host]
    if record.type == "visit" and host and len(guests) == 1:
        return f"A delegation of {guests[0]} visits {host}"
    verb = _VERBS.get(record.type)
    about = _topics(record, vocabulary)
    return f"{who} {verb}{place}{f' on {about}' if about else ''}" if verb else ""


def name_in_title(code: str, vocabulary: Vocabulary) -> str:
    """Return the name of a party as it stands within a title: “the United Kingdom”, “WHO”."""
    return code if code in _BY_CODE else with_article(vocabulary.label(code))


def _counted(codes: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """Return how many countries there are, and the organisations."""
    bodies = [name_in_title(code, vocabulary) for code in codes if code in vocabulary.organisations]
    count = len(codes) - len(bodies)
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return [f"{number} countries", *bodies]


def with_article(name: str) -> str:
    """Return the name of a party as it stands within a sentence: “the United Kingdom”."""
    first, *_, last = f"{name} {name}".split()
    has_article = first in _BEFORE_NOUNS or last in _PLURALS | _COMMON_NOUNS or " of " in name
    return f"the {name}" if has_article else name


def _topics(record: Record, vocabulary: Vocabulary) -> str:
    """Return what it was about: two topics, or one whose name is a list; “health” for any."""
    codes = [code for code in record.topics if code != "health-system"]
    names = [_lower(vocabulary.label_in("topics", code)) for code in codes]
    if not names:
        return "health" if record.topics else ""
    return names[0] if " and " in "".join(names[:2]) else " and ".join(names[:2])


def _lower(label: str) -> str:
    """Return a label within a sentence: ``HIV and AIDS`` keeps its capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
