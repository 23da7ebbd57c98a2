"""Records and summaries as documents: JSON with every key, YAML, Markdown, citations.

To add a format of records: a function, and its entry in RECORD_FORMATS.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from healthcoop.export.tables import escape_markdown
from healthcoop.files.visible import visible, without_commands
from healthcoop.model.scope import missing

if TYPE_CHECKING:
    from healthcoop.index.details import RecordDetails
    from healthcoop.model.record import Party, Person, Source
    from healthcoop.model.status import Status
    from healthcoop.model.vocabulary import Vocabulary


Formatter = Callable[[Sequence["RecordDetails"], "Vocabulary"], str]


def as_yaml(records: Sequence["RecordDetails"], _: "Vocabulary") -> str:
    """Write records in the canonical layout of their files, as several YAML documents."""
    from healthcoop.files.canonical import layout

    return "---\n".join(layout(item.record.to_data()) for item in records)


def as_json(records: Sequence["RecordDetails"], _: "Vocabulary") -> str:
    """Write an array of records with every key: null or ``[]`` where a record has no value.

    After the record's own keys: ``path``, ``kind``, ``status`` (null for an encounter; else
    ``day``, ``answer`` and ``reason``) and ``linked_from`` (``rel`` and ``record``).
    """
    return _json(map(as_data, records))


def as_data(item: "RecordDetails") -> dict[str, Any]:
    """Return the plain data of one record as ``as_json`` writes it."""
    from healthcoop.model.shape import plain

    return plain(item.record, absent=True) | {
        "path": item.indexed.path,
        "kind": item.indexed.kind,
        "status": _status(item.status) if item.status else None,
        "linked_from": [{"rel": link.rel, "record": link.id} for link in item.linked_from],
    }


def as_bibtex(records: Sequence["RecordDetails"], names: "Vocabulary") -> str:
    """Write a BibTeX entry for each record."""
    from healthcoop.export.citations import bibtex

    return "\n".join(bibtex(item.record, item.indexed.kind, names) for item in records)


def as_csl(records: Sequence["RecordDetails"], names: "Vocabulary") -> str:
    """Write an array of CSL JSON items."""
    from healthcoop.export.citations import csl

    return _json(csl(item.record, item.indexed.kind, names) for item in records)


def _json(items: Iterable[Any]) -> str:
    return without_commands(json.dumps([*items], indent=2, ensure_ascii=False)) + "\n"


def _status(status: "Status") -> dict[str, str]:
    return {"day": str(status.day), "answer": status.answer, "reason": status.reason}


def as_markdown(records: Sequence["RecordDetails"], names: "Vocabulary") -> str:
    """Write a Markdown section for each record, its sources numbered."""
    return "\n".join(_section(item, names) for item in records)


def _section(item: "RecordDetails", names: "Vocabulary") -> str:
    record, status = item.record, item.status
    lines = [f"## {escape_markdown(record.title)}", "", escape_markdown(record.summary), ""]
    facts = [("Date", record.date), ("Type", record.type)]
    facts += [("Place", str(place)) for place in record.places]
    facts += [("Party", _party(party, names)) for party in record.parties]
    facts += [("Person", _person(person)) for person in record.people]
    facts += [("Topics", ", ".join(record.topics))]
    facts += [("Outcome", outcome) for outcome in record.outcomes]
    facts += [("Funding", str(funding)) for funding in record.funding]
    facts += [("In force", f"{status.answer} on {status.day}: {status.reason}")] if status else []
    facts += [("Id", record.id)]
    lines += [f"- **{label}**: {escape_markdown(value)}" for label, value in facts]
    lines += ["", "Sources:", ""]
    lines += [f"{number}. {_source(source)}" for number, source in enumerate(record.sources, 1)]
    return "\n".join(lines) + "\n"


def _party(party: "Party", names: "Vocabulary") -> str:
    bodies = f": {', '.join(party.bodies)}" if party.bodies else ""
    level = f", {party.level}" if party.level else ""
    return f"{names.label(party.code)} ({party.code}{level}){bodies}"


def _person(person: "Person") -> str:
    return ", ".join(part for part in (person.name, person.role) if part)


def _source(source: "Source") -> str:
    parts = [source.publisher, source.title, source.published]
    words = escape_markdown(", ".join(part for part in parts if part))
    address = source.url.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    link = f"<{visible(address)}>"
    return f"{words} {link}" if words else link


RECORD_FORMATS: Mapping[str, Formatter] = {
    "yaml": as_yaml,
    "json": as_json,
    "markdown": as_markdown,
    "bibtex": as_bibtex,
    "csl": as_csl,
}
"""The values of ``show --format``, beside ``text``, the page for people."""


def summary_as_markdown(summary: dict[str, Any], names: "Vocabulary") -> str:
    """Write a summary as Markdown: the figures, one table each for types, years and parties."""
    lines = [
        f"**{summary['records']}** records ({summary['instruments']} instruments, "
        f"{summary['encounters']} encounters) of {summary['countries']} countries and "
        f"{summary['organisations']} organisations, {summary['pairs']} pairs, "
        f"{summary['first'] or 'no date'} to {summary['last'] or 'no date'}."
    ]
    for heading, key in (
        ("Type", "by_type"),
        ("Year", "by_year"),
        ("Country", "by_country"),
        ("Organisation", "by_organisation"),
        ("Topic", "by_topic"),
        ("Collection", "by_collection"),
    ):
        lines += ["", f"| {heading} | Records |", "| --- | ---: |"]
        for code, number in summary[key].items():
            label = names.label(code) if key in ("by_country", "by_organisation") else code
            lines.append(f"| {escape_markdown(label)} | {number} |")
    for heading, shares in field_shares(summary).items():
        lines += ["", f"| Field | {heading} |", "| --- | ---: |"]
        lines += [f"| {escape_markdown(field)} | {share:.0%} |" for field, share in shares.items()]
    lines += ["", escape_markdown(coverage(summary, names)), ""]
    return "\n".join(lines)


def field_shares(summary: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Return the known shares of fields, by a heading that names what they are shares of."""
    from healthcoop.model.spec import of_instruments  # the table of fields: 20 ms

    known = {field: share for field, share in summary["completeness"].items() if share is not None}
    parts = {
        heading: {field: known[field] for field in known if of_instruments(field) is instruments}
        for heading, instruments in (("Share of records", False), ("Share of instruments", True))
    }
    return {heading: shares for heading, shares in parts.items() if shares}


def coverage(summary: dict[str, Any], names: "Vocabulary") -> str:
    """Return a sentence on the collections of the records and what they leave out."""
    parts = []
    for code in summary["by_collection"]:
        term = names.collections.get(code)
        left_out = missing(term) if term else None
        parts.append(f"{code}: {left_out or 'what it leaves out is not recorded.'}")
    return f"Coverage. {' '.join(parts)}" if parts else "Coverage. No record fits."
