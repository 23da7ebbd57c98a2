"""From the bytes of an article to the records proposed, as ``healthcoop draft`` gives them."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from healthcoop.checks.duplicates import DuplicatePair
from healthcoop.contribute.creation import likely_duplicates
from healthcoop.contribute.draft.article import load
from healthcoop.contribute.draft.proposal import Proposal, propose
from healthcoop.contribute.draft.reading import Reading, read
from healthcoop.contribute.languages import codes
from healthcoop.files.canonical import HEADER, layout
from healthcoop.files.visible import visible
from healthcoop.index.database import Index
from healthcoop.index.records import get, taken_ids
from healthcoop.index.suggestions import with_source
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.record import Record
from healthcoop.model.vocabulary import Vocabulary


@dataclass(frozen=True)
class Drafts:
    """The records proposed from an article, and the records that each may be already."""

    reading: Reading
    vocabulary: Vocabulary
    proposals: tuple[Proposal, ...]
    known: tuple[tuple[Record, ...], ...]

    def as_data(self) -> dict[str, Any]:
        """Return the object that ``draft -f json`` promises."""
        article = self.reading.article
        return {
            "article": {
                name: getattr(article, name) or None
                for name in ("title", "url", "publisher", "published", "language")
            },
            "drafts": [
                {
                    "record": proposal.data,
                    "confidence": proposal.confidence,
                    "gaps": [asdict(gap) for gap in proposal.gaps],
                    "evidence": [asdict(each) for each in proposal.evidence],
                    "likely_duplicates": [record.id for record in known],
                }
                for proposal, known in zip(self.proposals, self.known, strict=True)
            ],
            "not_drafted": [
                {
                    "type": each.type,
                    "parties": list(each.codes),
                    "reason": each.reason,
                    "offset": each.span.start,
                    "snippet": article.words(each.span),
                }
                for each in self.reading.announced
            ],
        }

    def as_yaml(self, *, explained: bool) -> list[str]:
        """Return each record in canonical layout, with its gaps as comments.

        If ``explained``, further comments give the words behind each value, their offset in the
        text and how sure the reading is.
        """
        return [_as_yaml(proposal, explained=explained) for proposal in self.proposals]

    def notes(self) -> Iterator[str]:
        """Yield a line for what was not drafted, and for each record that may be there already."""
        article, known = self.reading.article, self.vocabulary
        if article.language.partition("-")[0].lower() not in codes():
            yield f"its language is {article.language}; draft can read {', '.join(codes())}"
        for each in self.reading.announced:
            what = known.label_in("types", each.type).lower()
            who = " and ".join(known.label(code) for code in each.codes) or "unnamed sides"
            yield f"not drafted, {each.reason}: {what} of {who}: “{article.words(each.span)}”"
        for record in {each.id: each for known in self.known for each in known}.values():
            yield f"may be there already: {record.id}: {record.title}"


def draft(
    content: bytes,
    index: Index,
    *,
    facts: Mapping[str, str],
    collection: str,
    today: date,
) -> Drafts:
    """Return the records proposed from an article, with what the data set may have already.

    ``facts`` are those of the page that its text does not give: url, publisher, published,
    language. Raises HealthcoopError for bytes that are no article.
    """
    article = load(content, url=facts.get("url", ""))
    article = replace(article, **{name: value for name, value in facts.items() if value})
    reading = read(article, index.vocabulary)
    proposals = propose(
        reading, index.vocabulary, collection=collection, today=today, taken=taken_ids(index)
    )
    known = tuple(known_records(index, each.data) for each in proposals)
    return Drafts(reading, index.vocabulary, tuple(proposals), known)


def known_records(index: Index, data: Mapping[str, Any]) -> tuple[Record, ...]:
    """Return the records that may describe the event of a proposed one, the likeliest first.

    After the likely duplicates, of which a date is needed, come those of the same kind and sides
    that have its page as a source, whatever their date.
    """
    pairs = likely_duplicates(index, data) if "date" in data else []
    known = {record.id: record for record in map(_other, pairs)}
    own = IndexedRecord(data, "", index.vocabulary.kind(str(data.get("type"))))
    for source in own.record.sources:
        for ident in with_source(index, source.url):
            item = get(index, ident)
            if item.kind == own.kind and _sides(item.record) == _sides(own.record):
                known.setdefault(ident, item.record)
    return tuple(known.values())


def _other(pair: DuplicatePair) -> Record:
    """Return the record of the data set in a pair with a new one, which has no path."""
    return pair.one.record if pair.one.path else pair.other.record


def _sides(record: Record) -> set[str]:
    return {party.code for party in record.sides}


def _as_yaml(proposal: Proposal, *, explained: bool) -> str:
    lines = [f"# to fill in: {gap.field}: {visible(gap.reason)}" for gap in proposal.gaps]
    text = layout(dict(proposal.data)).removeprefix(f"{HEADER}\n")
    if explained:
        lines += [
            f"# {each.field}: {each.value} ({each.confidence:.2f})"
            f" from “{visible(each.snippet)}” at {each.offset}"
            for each in proposal.evidence
        ]
    return "\n".join([HEADER, *lines, text])
