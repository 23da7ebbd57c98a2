"""HC7: sources, and what they support."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, rule
from healthcoop.files.fixes import Remove, Replace
from healthcoop.model.spec import FIELDS, ORDER

MAX_QUOTE_WORDS = 15

_UNSPACED = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]{1,2}"
    "|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{1,5}"
)
"""What counts as a word of Chinese and Japanese, and of Thai, Lao, Burmese and Khmer."""

_INTERNAL = frozenset({"id", "sources", "collection", "former_ids", "withdrawn"})
"""Fields that no source can support: they belong to the data set itself."""

SUPPORTABLE = frozenset(ORDER[""]) - _INTERNAL
"""Fields of a record that a source can support, as a whole or in part."""
_TERMS = frozenset(f"terms.{name}" for name in ORDER["terms"])
_PRESENT = frozenset(name for name in SUPPORTABLE | _TERMS if FIELDS[name].kind != "flag")
"""Fields that a record either lacks or has with a value; a flag may be false."""


@rule("HC701", "quote-length", on="sources.quote")
def quote_length(checked: CheckedRecord) -> Iterator[Problem]:
    """A quote has 15 words at most.

    The text belongs to its author; facts are free. Keep the few words in a row that prove the event
    (who did what, with whom, when), never a whole sentence. In Chinese and Japanese two characters
    count as a word; in Thai, Lao, Burmese and Khmer five.

    Fails:

        sources:
          - url: https://example.org/news
            kind: agency
            supports: [date]
            quote: >-
              The minister said that the visit of the delegation of Azerbaijan to Havana showed once
              more that the two countries were friends

    Passes:

        sources:
          - url: https://example.org/news
            kind: agency
            supports: [date]
            quote: the visit of the delegation of Azerbaijan to Havana
    """
    for pointer, source in checked.each("sources.quote"):
        if (words := _count_words(source.quote)) > MAX_QUOTE_WORDS:
            message = f"The quote has {words} words; at most {MAX_QUOTE_WORDS} are allowed."
            yield Problem(message, "Keep only the words that prove the fact.", pointer)


def _count_words(text: str) -> int:
    words = text.split() if text.isascii() else _UNSPACED.sub(" a ", text).split()
    if len(words) <= MAX_QUOTE_WORDS:
        return len(words)  # or less, which is valid too
    return sum(any(map(str.isalnum, word)) for word in words)  # a dash alone is none


@rule("HC702", "supports-what-is-there", reads="parties people places terms outcomes sources")
def supports_what_is_there(checked: CheckedRecord) -> Iterator[Problem]:
    """`supports` lists fields that the record has: `date`, `parties.AZ.ratified` ...

    Readers look up which page proves the day. A part of a field follows a dot; a party is named by
    its code. Fields of the data set itself, such as `id`, `sources` and `collection`, cannot be
    supported.

    Fails:

        sources: [{url: "https://example.org/news", kind: agency, supports: [date, places]}]

    Passes:

        places: [{city: Havana, country: CU}]
        sources: [{url: "https://example.org/news", kind: agency, supports: [date, places]}]
    """
    record = checked.record
    present = _PRESENT & checked.fields
    data: dict[str, Any] = {}
    for pointer, source in checked.each("sources.supports"):
        if present.issuperset(source.supports):
            continue
        for place, name in enumerate(source.supports):
            if name in SUPPORTABLE and getattr(record, name):
                continue
            if name in _TERMS and getattr(record.terms, name.removeprefix("terms."), None):
                continue
            field = name.partition(".")[0]
            internal = field in _INTERNAL
            if not internal and (field in checked.invalid or _is_misspelt(field, checked)):
                continue  # the schema reports the field
            data = data or {
                key: value for key, value in record.to_data().items() if key not in _INTERNAL
            }
            if _values_at(data, name):
                continue
            better = _nearest(data, name)
            if better in source.supports:
                better = None  # a name is listed once
            yield Problem(
                f"A source cannot support “{name}”, which belongs to the data set itself."
                if internal
                else f"“{name}” is listed as supported, but the record has no such field.",
                f"Write one of the fields of this record: {', '.join(data)}.",
                (*pointer, place),
                edits=(Replace((*pointer, place), better),) if better else (),
                safe=better is not None and better.lower() == name.lower(),
            )


@rule("HC703", "only-copies", reads="sources", severity=Severity.WARNING)
def only_copies(checked: CheckedRecord) -> Iterator[Problem]:
    """A record has a source that is not a copy of another text.

    Copies omit names, change dates and disappear. Add the page where the text was first published,
    by the ministry, the agency or the register; the copy may stay. If you searched and did not
    find it, accept this finding in `schema/accepted.yaml`, with the reason.

    Fails:

        sources: [{url: "https://example.org/news", kind: copy, supports: [date]}]

    Passes:

        sources:
          - {url: "https://example.org/news", kind: copy}
          - {url: "https://example.com/minister", kind: official, supports: [date]}
    """
    sources = checked.record.sources
    if sources and all(source.kind == "copy" for source in sources):
        message = "Every source of this record is a copy of another text."
        hint = "Add the page that was copied: of the ministry, the agency or the register."
        yield Problem(message, hint, ("sources",), on_key=True)


@rule("HC707", "missing-archive", on="sources.archived", severity=Severity.NOTE)
def missing_archive(checked: CheckedRecord) -> Iterator[Problem]:
    """Where one source of a record has an archived copy, the others have one too.

    Pages disappear; a copy in a public web archive preserves the proof. Records without any
    archived copy are not reported, because most have none; `healthcoop summary` shows how complete
    the data set is.

    Fails:

        sources:
          - url: https://example.org/news
            archived: https://web.archive.org/web/2022/https://example.org/news
            kind: agency
            supports: [date]
          - {url: "https://example.com/minister", kind: official}

    Passes:

        sources:
          - url: https://example.org/news
            archived: https://web.archive.org/web/2022/https://example.org/news
            kind: agency
            supports: [date]
    """
    some = any(source.archived for source in checked.record.sources)
    for pointer, source in checked.each("sources.url") if some else ():
        if not source.archived:
            message = "This source has no “archived” copy, but another of this record has one."
            hint = "Save the page in a web archive, and write the copy's address as “archived:”."
            yield Problem(message, hint, pointer)


@rule("HC708", "repeated-quote", on="sources.quote", severity=Severity.NOTE)
def repeated_quote(checked: CheckedRecord) -> Iterator[Problem]:
    """Where two sources have the same quote, one of them is a `copy`.

    Newspapers print what agencies send, so the two are not independent. Write `kind: copy` for the
    one that was published later.

    Fails:

        sources:
          - url: https://example.org/news
            kind: agency
            quote: The minister is in Havana for talks on vaccines
            supports: [date]
          - url: https://example.com/paper
            kind: press
            quote: The minister is in Havana for talks on vaccines

    Passes:

        sources:
          - url: https://example.org/news
            kind: agency
            quote: The minister is in Havana for talks on vaccines
            supports: [date]
          - url: https://example.com/paper
            kind: copy
            quote: The minister is in Havana for talks on vaccines
    """
    seen: dict[str, int] = {}
    for number, source in enumerate(checked.record.sources):
        if not source.quote or source.kind == "copy":
            continue
        first = seen.setdefault(" ".join(source.quote.split()), number)
        if first != number:
            message = f"This quote is the same as that of source {first + 1}."
            hint = "Write “kind: copy” for the source that copied the other."
            yield Problem(message, hint, ("sources", number, "quote"))


@rule("HC709", "says-names-a-field", on="sources.says")
def says_names_a_field(checked: CheckedRecord) -> Iterator[Problem]:
    """`says` lists values of a source that differ from the record, by the names of the fields.

    The value is shown with the field of the record; an unknown name has none.

    Fails:

        sources:
          - url: https://example.org/news
            kind: agency
            supports: [type]
            says: {day: "2022-10-08"}
        date: "2022-10"

    Passes:

        sources:
          - url: https://example.org/news
            kind: agency
            supports: [type]
            says: {date: "2022-10-08"}
        date: "2022-10"
    """
    for pointer, source in checked.each("sources.says"):
        for name, _ in source.says:
            field, _, part = name.partition(".")
            if field in SUPPORTABLE and (field != "terms" or not part or name in _TERMS):
                continue
            similar = get_close_matches(name, SUPPORTABLE, n=1)
            message = f"“{name}” is not a field that a source can disagree with."
            hint = f"Did you mean {similar[0]}?" if similar else "Write a field of the record."
            yield Problem(message, hint, (*pointer, name), on_key=True)


@rule(
    "HC710",
    "says-the-same",
    on="sources.says",
    reads="parties people terms",
    severity=Severity.WARNING,
)
def says_the_same(checked: CheckedRecord) -> Iterator[Problem]:
    """What a source `says` differs from the record; otherwise the source `supports` it.

    Usually the record was corrected, and `says` was forgotten.

    Fails:

        date: "2022-10"
        sources:
          - {url: "https://example.org/news", kind: agency, says: {date: "2022-10"}}

    Passes:

        date: "2022-10"
        sources:
          - {url: "https://example.org/news", kind: agency, supports: [date]}
    """
    for pointer, source in checked.each("sources.says"):
        data = checked.record.to_data()
        for name, value in source.says:
            if value in _texts_at(data, name):
                message = f"“says” lists differences, but the record has “{value}” too."
                hint = f"Remove it here, and add “{name}” to “supports”."
                edits = (Remove((*pointer, name) if len(source.says) > 1 else pointer),)
                yield Problem(message, hint, (*pointer, name), edits=edits)


def _is_misspelt(field: str, checked: CheckedRecord) -> bool:
    """Return whether a field is missing because the record has it under a misspelt name."""
    unknown = checked.invalid - SUPPORTABLE - _INTERNAL
    return bool(unknown and get_close_matches(field, unknown, n=1, cutoff=0.7))


def _nearest(data: dict[str, Any], name: str) -> str | None:
    """Return the name of an existing field that is similar to one that does not exist."""
    field, dot, rest = name.partition(".")
    names = {key: f"{key}{dot}{rest}" for key in data}
    if isinstance(data.get(field), list):
        items = [item for item in data[field] if isinstance(item, dict)]
        codes = [item.get("country", item.get("organisation")) for item in items]
        code, dot, rest = rest.partition(".")
        names = {code: f"{field}.{code}{dot}{rest}" for code in codes if code}
        field = code.upper()
    near = (names[key] for key in get_close_matches(field, names, n=1))
    return next((name for name in near if _values_at(data, name)), None)


def _texts_at(data: dict[str, Any], name: str) -> list[Any]:
    """Return the texts at a dotted name: the names of people, the items of a list."""
    return [
        item.get("name") if isinstance(item, dict) else item
        for value in _values_at(data, name)
        for item in (value if isinstance(value, list) else [value])
    ]


def _values_at(data: dict[str, Any], name: str) -> list[Any]:
    """Return the values at a dotted name: ``parties.AZ.signed``, ``people.name``.

    A party is selected by its code; a field of a list is taken from each of its items.
    """
    values: list[Any] = [data]
    for part in name.split("."):
        values = [
            item.get(part, item)
            for value in values
            for item in (value if isinstance(value, list) else [value])
            if isinstance(item, dict)
            and (part in item or part in (item.get("country"), item.get("organisation")))
        ]
    return values
