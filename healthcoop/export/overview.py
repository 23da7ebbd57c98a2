"""A summary as a document: Markdown, and the line that says what a data set covers."""

from typing import Any

from healthcoop.export.rows import escape_markdown
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
    lines += ["", "| Field | Given in |", "| --- | ---: |"]
    lines += [
        f"| {escape_markdown(field)} | {share:.0%} |"
        for field, share in summary["completeness"].items()
        if share is not None
    ]
    lines += ["", escape_markdown(coverage(summary, names)), ""]
    return "\n".join(lines)


def coverage(summary: dict[str, Any], names: Vocabulary) -> str:
    """Say which collections the records come from, and what is not in them."""
    parts = []
    for code in summary["by_collection"]:
        term = names.collections.get(code)
        missing = term.more.get("missing") if term else None
        parts.append(f"{code}: {missing or 'what it leaves out is not recorded.'}")
    return f"Coverage. {' '.join(parts)}" if parts else "Coverage. No record fits."
