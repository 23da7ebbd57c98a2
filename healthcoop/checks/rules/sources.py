"""HC7: sources, and what they prove."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.rules.registry import Subject, rule
from healthcoop.text.edits import Replace

MAX_QUOTE_WORDS = 40


@rule("HC701", "quote-length", reads="sources")
def quote_length(subject: Subject) -> Iterator[Problem]:
    """A quote proves a fact in 40 words at most; more would be copying."""
    for number, source in enumerate(subject.record.sources):
        words = len((source.quote or "").split())
        if words > MAX_QUOTE_WORDS:
            yield Problem(
                message=f"The quote has {words} words; at most {MAX_QUOTE_WORDS} are allowed.",
                hint="Keep the words that prove the fact.",
                pointer=("sources", number, "quote"),
            )


@rule("HC702", "supports-what-is-there", reads="parties people places terms outcomes sources")
def supports_what_is_there(subject: Subject) -> Iterator[Problem]:
    """A source supports fields that the record has, by name: `date`, `parties.AZ.ratified` ..."""
    record = subject.record
    for number, source in enumerate(record.sources):
        for place, name in enumerate(source.supports):
            field, _, part = name.partition(".")
            if field in subject.broken or (not part and getattr(record, name, None)):
                continue
            data = record.to_data()
            if not _there(data, name):
                pointer = ("sources", number, "supports", place)
                near = _nearest(data, name)
                yield Problem(
                    message=f"“{name}” is said to be supported, but the record has no such field.",
                    hint=f"The record has {', '.join(key for key in data if key != 'sources')}.",
                    pointer=pointer,
                    edits=(Replace(pointer, near),) if near else (),
                    safe=near is not None and near.lower() == name.lower(),
                )


@rule("HC703", "only-copies", reads="sources", severity=Severity.WARNING)
def only_copies(subject: Subject) -> Iterator[Problem]:
    """A copy of somebody else's text is a weak witness: look for where it was first published."""
    sources = subject.record.sources
    if sources and all(source.kind == "copy" for source in sources):
        yield Problem(
            message="Every source of this record is a copy of somebody else's text.",
            hint="Find the page it was copied from: the ministry's, the agency's, the register's.",
            pointer=("sources",),
            on_key=True,
        )


def _nearest(data: dict[str, Any], name: str) -> str | None:
    """Give the name of a field that is there and is like one that is not."""
    field, dot, rest = name.partition(".")
    names = {key: f"{key}{dot}{rest}" for key in data if key != "sources"}
    if isinstance(data.get(field), list):
        items = [item for item in data[field] if isinstance(item, dict)]
        codes = [item.get("country", item.get("organisation")) for item in items]
        code, dot, rest = rest.partition(".")
        names = {code: f"{field}.{code}{dot}{rest}" for code in codes if code}
        field = code.upper()
    near = [names[key] for key in get_close_matches(field, names, n=1) if _there(data, names[key])]
    return near[0] if near else None


def _there(data: dict[str, Any], name: str) -> bool:
    """Follow a dotted name; an item of ``parties`` goes by its code, other items by any of them."""
    values: list[Any] = [data]
    for part in name.split("."):
        found: list[Any] = []
        for value in values:
            for item in value if isinstance(value, list) else [value]:
                if not isinstance(item, dict):
                    continue
                if part in item:
                    found.append(item[part])
                elif part in (item.get("country"), item.get("organisation")):
                    found.append(item)
        values = found
    return bool(values)
