"""The data descriptor: what the data set is, how it was collected, its codes, fields and limits.

It is derived from the vocabularies, the table of fields and CITATION.cff, and has no counts, so
that it changes only with these.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from healthcoop.export.provenance import Provenance
from healthcoop.export.tables import as_markdown, escape_markdown
from healthcoop.model import spec
from healthcoop.model.vocabulary import Term, Vocabulary

_RECORD = """\
A record is one event of health cooperation between states, their bodies, and international
organisations: an *instrument* that was signed, or adopted where nothing is signed, or an
*encounter* that took place. It is one file, with its parties, its date, its topics, and the sources
that support its facts; titles and summaries are in the curators' own words. A meeting and the
instrument signed at it are two records with a link. Announcements are no records."""
_LIMITS = """\
- **What is missing.** A record is an event that was found. That there is none for two parties, or
  for a year, says nothing outside the scope of a complete collection.
- **Counts.** They are numbers of events found, not measures of how much two parties cooperate. They
  may be compared over time only in a complete collection, within its scope.
- **Dates** are [EDTF](https://www.loc.gov/standards/datetime/), never more precise than the source:
  a month, one of several days, or about a day (`2022-10-07~`). Each has an earliest and a latest
  day; the year that a record counts in is that of the earliest, else of the latest.
- **In force.** What a source states decides whether an instrument was in force on a day. For most,
  little is stated: the answer is then *possible*, not *certain*.
- **Terms.** A missing one means that nobody has looked for it; `unknown` and `none`, that somebody
  did, on the day in `terms.checked`.
- **People** appear by name and office, in official acts only. Quotes are a few words of a source,
  and are the publisher's."""


def descriptor(vocabulary: Vocabulary, provenance: Provenance) -> Iterator[str]:
    """Yield the lines of the page, in Markdown, without its title."""
    yield from (escape_markdown(provenance.abstract), "") if provenance.abstract else ()
    yield f"Made by: {escape_markdown('; '.join(provenance.authors))}."
    if provenance.licence:
        licence = escape_markdown(provenance.licence)
        yield f"Licence: {licence}, where a collection has no other."
    yield from ("", "## What it contains", "", _RECORD, "", "## How it was collected", "")
    yield "Each record belongs to a collection, which says how it was found. A collection is"
    yield "*complete* if it has every event within its scope."
    for term in vocabulary.collections.values():
        yield from _collection(term, vocabulary)
    yield from ("", "## Types", "")
    yield from _terms(vocabulary.types, ("code", "label", "kind", "definition"))
    yield from ("", "## Topics", "", "`crs` is the OECD's purpose code for aid to the topic.", "")
    yield from _terms(vocabulary.topics, ("code", "label", "definition", "crs"))
    yield from ("", "## Fields", "")
    yield "`[]` stands for each item of a list."
    yield ""
    yield from _table(("field", "meaning"), map(_field, spec.FIELDS))
    yield from ("", "## Limits", "", _LIMITS)


def collection_facts(term: Term, vocabulary: Vocabulary) -> Mapping[str, str]:
    """Return what a collection states of itself, by the name of each fact."""
    more = term.more
    scope: Mapping[str, Any] = more.get("scope", {})
    parties = [
        vocabulary.label(code)
        for name in ("countries", "organisations")
        for code in scope.get(name, ())
    ]
    days = [scope.get("from", ""), scope.get("until", "")]
    facts = {
        "Method": more.get("method", ""),
        "Complete": {True: "yes", False: "no"}.get(scope.get("complete", ""), "not stated"),
        "Selection": scope.get("selection", ""),
        "Parties": ", ".join(parties),
        "Kinds": ", ".join(scope.get("kinds", ())),
        "Scope in time": " to ".join(days) if any(days) else "",
        "Years of the events": more.get("years", ""),
        "Languages of the sources": ", ".join(more.get("languages", ())),
        "Not in it": scope.get("missing", ""),
        "Licence": more.get("licence", ""),
        "Attribution": more.get("attribution", ""),
    }
    return {name: text for name, text in facts.items() if text}


def _collection(term: Term, vocabulary: Vocabulary) -> Iterator[str]:
    yield from ("", f"### {escape_markdown(term.label)}", "", f"`{term.code}`", "")
    yield from (escape_markdown(term.definition), "")
    for name, text in collection_facts(term, vocabulary).items():
        yield f"- **{name}**: {escape_markdown(text)}"


def _terms(terms: Mapping[str, Term], columns: Sequence[str]) -> Iterator[str]:
    rows = ({**term.more, **term.to_data()} for term in terms.values())
    yield from _table(columns, ([row.get(name) or "" for name in columns] for row in rows))


def _field(path: str) -> Sequence[str]:
    field = spec.FIELDS[path]
    part, dot, name = path.rpartition(".")
    each = "[]" if part and spec.FIELDS[part].kind == "list" else ""
    values = f" One of {', '.join(field.choices)}." if field.choices else ""
    return f"{part}{each}{dot}{name}", f"{field.doc}{values}"


def _table(columns: Sequence[str], rows: Any) -> Iterator[str]:
    text = "".join(as_markdown(columns, (dict(zip(columns, row, strict=True)) for row in rows)))
    yield text.rstrip("\n")
