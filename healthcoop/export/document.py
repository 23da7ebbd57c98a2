"""One record as a document: JSON with every key, and Markdown."""

from typing import Any

from healthcoop.export.tables import escape_markdown
from healthcoop.files.visible import visible
from healthcoop.model import record as model
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.record import Source
from healthcoop.model.status import Status
from healthcoop.model.vocabulary import Vocabulary

_PARTS: dict[str, type] = {
    "places": model.Place,
    "parties": model.Party,
    "people": model.Person,
    "identifiers": model.Identifier,
    "links": model.Link,
    "sources": model.Source,
}


def as_data(
    listed: IndexedRecord, status: Status | None, linked_from: list[dict[str, str]]
) -> dict[str, Any]:
    """Give a record with every key present: None or an empty list where it says nothing.

    After the record's own keys: ``path``, ``kind``, ``status`` (None for an encounter; else
    ``day``, ``answer`` and ``reason``) and ``linked_from`` (``rel`` and ``record``).
    """
    data = _whole(listed.record)
    data["path"] = listed.path
    data["kind"] = listed.kind
    data["status"] = _status(status) if status else None
    data["linked_from"] = linked_from
    return data


def _whole(part: Any) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name in part.__slots__:
        value = getattr(part, name)
        if name == "says":
            data[name] = dict(value)
        elif isinstance(value, tuple):
            data[name] = [item if isinstance(item, str) else _whole(item) for item in value]
        elif value is None or isinstance(value, str | bool):
            data[name] = value
        else:
            data[name] = _whole(value)
    return data


def _status(status: Status) -> dict[str, str]:
    return {"day": str(status.day), "answer": status.answer, "reason": status.reason}


def as_markdown(listed: IndexedRecord, status: Status | None, names: Vocabulary) -> str:
    """Write a record as a Markdown section, its sources numbered."""
    record = listed.record
    lines = [f"## {escape_markdown(record.title)}", "", escape_markdown(record.summary), ""]
    facts = [("Date", record.date), ("Type", record.type)]
    facts += [("Place", str(place)) for place in record.places]
    facts += [("Party", _party(party, names)) for party in record.parties]
    facts += [("Person", _person(person)) for person in record.people]
    facts += [("Topics", ", ".join(record.topics))]
    facts += [("Outcome", outcome) for outcome in record.outcomes]
    facts += [("In force", f"{status.answer} on {status.day}: {status.reason}")] if status else []
    facts += [("Id", record.id)]
    lines += [f"- **{label}**: {escape_markdown(value)}" for label, value in facts]
    lines += ["", "Sources:", ""]
    lines += [f"{number}. {_source(source)}" for number, source in enumerate(record.sources, 1)]
    return "\n".join(lines) + "\n"


def _party(party: model.Party, names: Vocabulary) -> str:
    bodies = f": {', '.join(party.bodies)}" if party.bodies else ""
    return f"{names.label(party.code)} ({party.code}){bodies}"


def _person(person: model.Person) -> str:
    return ", ".join(part for part in (person.name, person.role) if part)


def _source(source: Source) -> str:
    said = [source.publisher, source.title, source.published]
    words = escape_markdown(", ".join(part for part in said if part))
    address = source.url.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    link = f"<{visible(address)}>"
    return f"{words} {link}" if words else link
