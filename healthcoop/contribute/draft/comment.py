"""Proposed records as a comment on an issue: GitHub's Markdown, within GitHub's limit."""

import re
from collections.abc import Iterable, Iterator, Sequence

from healthcoop.checks.findings import Finding
from healthcoop.contribute.diff_markdown import MOST
from healthcoop.contribute.draft.drafting import Drafts
from healthcoop.contribute.draft.proposal import Proposal
from healthcoop.files.canonical import layout
from healthcoop.files.markdown import escape

_NAMED_APART = ("HC202", "HC905")
_MOST_ITEMS = 20
_LONGEST = 400  # characters of an item


def as_markdown(drafts: Drafts, findings: Sequence[Sequence[Finding]]) -> str:
    """Write each record in a code block, what it lacks, and the records that it may be already.

    ``findings`` are those about each record. A record that does not fit into a comment is left out.
    """
    if not drafts.proposals:
        return "### No record proposed\n\nNo event between two sides was found.\n"
    parts = []
    for proposal, found, records in zip(drafts.proposals, findings, drafts.known, strict=True):
        known = [f"{record.id}: {record.title}" for record in records]
        below = [
            *_list("To fill in", (f"{gap.field}: {gap.reason}" for gap in proposal.gaps)),
            *_list("To correct", (f"{each.message} {each.hint}" for each in _others(found))),
            *_list("There already? It may be the same event", known),
        ]
        parts.append("\n".join([*_record(proposal), *below]))
    text = "\n".join(parts)
    if len(text.encode("utf-16-le")) // 2 > MOST:
        return "### No record proposed\n\nThe text is too long for a comment.\n"
    return text


def _others(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings that are neither gaps of the proposal nor likely duplicates."""
    return (each for each in findings if each.code not in _NAMED_APART)


def _record(proposal: Proposal) -> Iterator[str]:
    text = layout(dict(proposal.data))
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    ident = proposal.data.get("id", "")
    yield "### Proposed record\n"
    yield "By `healthcoop draft`. Nobody has checked it yet.\n"
    if ident:
        yield f"For the file `records/{ident[:4]}/{ident}.yaml`:\n"
    yield f"{fence}yaml\n{text}{fence}\n"


def _list(heading: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"- {escape(item, most=_LONGEST)}" for item in items]
    if lines:
        yield f"**{heading}**\n"
        yield from lines[:_MOST_ITEMS]
        if len(lines) > _MOST_ITEMS:
            yield f"- and {len(lines) - _MOST_ITEMS} more"
        yield ""
