"""A summary as a document: Markdown, and the line on what the data set covers."""

from typing import Any

from healthcoop.export.tables import escape_markdown
from healthcoop.index.filled import of_instruments
from healthcoop.model.vocabulary import Vocabulary


def as_markdown(summary: dict[str, Any], names: Vocabulary) -> str:
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
    known = {field: share for field, share in summary["completeness"].items() if share is not None}
    parts = {
        heading: {field: known[field] for field in known if of_instruments(field) is instruments}
        for heading, instruments in (("Given in records", False), ("Given in instruments", True))
    }
    return {heading: shares for heading, shares in parts.items() if shares}


def coverage(summary: dict[str, Any], names: Vocabulary) -> str:
    """Return a sentence on the collections of the records and what they leave out."""
    parts = []
    for code in summary["by_collection"]:
        term = names.collections.get(code)
        missing = term.more.get("missing") if term else None
        parts.append(f"{code}: {missing or 'what it leaves out is not recorded.'}")
    return f"Coverage. {' '.join(parts)}" if parts else "Coverage. No record fits."
