"""A title proposed for a new record, composed from its facts alone."""

from collections.abc import Mapping
from typing import Any

from healthcoop.model.record import Record
from healthcoop.model.vocabulary import Vocabulary

_VERBS = {"meeting": "meet", "call": "speak by telephone", "conference": "hold a conference"}
_MOST_NAMED = 3


def proposed_title(data: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """Return a title for the facts of a record; empty where they do not suggest one.

    Raises ShapeError for data that is no record.
    """
    record = Record.from_data(data)
    names = [vocabulary.label(party.code) for party in record.sides]
    if not 1 < len(names) <= _MOST_NAMED:
        return ""
    who = f"{', '.join(names[:-1])} and {names[-1]}"
    place = next((f" in {place.city}" for place in record.places if place.city), "")
    if vocabulary.kind(record.type) == "instrument":
        what = _lower(vocabulary.types[record.type].label)
        article = "an" if what[0] in "aeiou" else "a"
        about = _topics(record, vocabulary)
        return f"{who} sign {article} {what}{f' on {about}' if about else ''}{place}"
    host = next((vocabulary.label(party.code) for party in record.sides if party.role), "")
    guests = [name for name in names if name != host]
    if record.type == "visit" and host and len(guests) == 1:
        return f"A delegation of {guests[0]} visits {host}"
    verb = _VERBS.get(record.type)
    about = _topics(record, vocabulary)
    return f"{who} {verb}{place}{f' on {about}' if about else ''}" if verb else ""


def _topics(record: Record, vocabulary: Vocabulary) -> str:
    names = [_lower(vocabulary.label_in("topics", code)) for code in record.topics[:2]]
    return " and ".join(names)


def _lower(label: str) -> str:
    """Return a label within a sentence: ``HIV and AIDS`` keeps its capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
