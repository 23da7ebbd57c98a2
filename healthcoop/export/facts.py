"""What a record states, in words, and which of its sources support it: for every page of it."""

from collections.abc import Iterator

from healthcoop.model.dates import DateError, duration
from healthcoop.model.record import Party, Record, Source, Terms
from healthcoop.model.vocabulary import Vocabulary

_TERMS = {
    "in_force": "in force from {}",
    "provisional": "applied provisionally from {}",
    "term": "for {}",
    "period": "period {}",
    "renewal": "renewal {}",
    "renewal_term": "renewed for {}",
    "notice": "notice {}",
    "ended": "ended {}",
    "end_reason": "{}",
}
_NO_VALUE = {
    ("in_force", "none"): "not yet in force",
    ("in_force", "unknown"): "entry into force unknown",
    ("term", "indefinite"): "indefinite",
    ("term", "unknown"): "term unknown",
    ("renewal", "none"): "no renewal",
    ("renewal_term", "indefinite"): "renewed indefinitely",
    ("renewal_term", "unknown"): "renewal term unknown",
    ("ended", "none"): "not ended",
    ("ended", "unknown"): "end unknown",
    ("ratified", "none"): "not ratified",
}
"""How a field of terms or of a party reads whose value is a word."""
_LENGTHS = ("term", "renewal_term", "notice")


def supporting(record: Record, field: str, *, code: str = "") -> list[int]:
    """Return the numbers, from 1, of the sources that support a field or a part of it.

    ``code`` is that of a party: sources that support only other parties are left out.
    """
    others = {party.code for party in record.parties} - {code} if code else set[str]()
    return [
        number
        for number, source in enumerate(record.sources, start=1)
        if any(name == field or name.startswith(f"{field}.") for name in source.supports)
        and not (code and _supports_only(source, others))
    ]


def _supports_only(source: Source, others: set[str]) -> bool:
    named = [name.split(".") for name in source.supports if name.startswith("parties")]
    return all(len(name) > 1 and name[1] in others for name in named)


def terms_in_words(terms: Terms) -> str:
    """Return the terms of an instrument: ``in force from 2023; for 5 years (checked 2026)``."""
    parts = [
        _NO_VALUE.get((name, value)) or words.format(_length(value) if name in _LENGTHS else value)
        for name, words in _TERMS.items()
        if (value := getattr(terms, name))
    ]
    checked = [f"(checked {terms.checked})"] if terms.checked else []
    return " ".join(["; ".join(parts), *checked]).strip()


def _length(value: str) -> str:
    try:
        return duration(value).words
    except DateError:  # indefinite, unknown
        return value


def party_notes(party: Party, names: Vocabulary) -> Iterator[str]:
    """Yield what a party states of itself: its level and role, its dates, territories."""
    yield from filter(None, (party.level, party.role))
    for name in ("signed", "ratified", "acceded", "in_force", "left"):
        if value := getattr(party, name):
            yield _NO_VALUE.get((name, value)) or f"{name.replace('_', ' ')} {value}"
    if party.extended_to:
        yield f"extended to {', '.join(names.label(code) for code in party.extended_to)}"
