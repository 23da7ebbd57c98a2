"""The answers to the questions about a new record, and the record's data that they make."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from healthcoop.model.spec import FIELDS, ORDER
from healthcoop.model.vocabulary import Vocabulary

_LOOKED_UP = frozenset({"none", "unknown"})


def numbered(name: str) -> Iterator[tuple[int, str]]:
    """Yield the keys of a repeated question: ``(1, "party.1")``, ``(2, "party.2")`` ..."""
    return ((number, f"{name}.{number}") for number in count(1))


def several(answers: Mapping[str, str], name: str, last: str = "") -> Iterator[tuple[str, str]]:
    """Yield the key and answer of a repeated question, up to the first without an answer."""
    for _, key in numbered(name):
        if not (answer := answers.get(f"{key}{last}")):
            return
        yield key, answer


def party_codes(answers: Mapping[str, str]) -> Iterator[str]:
    """Yield the codes of the parties."""
    return (code for _, code in several(answers, "party"))


def is_deduced(date: str) -> bool:
    """Return whether no page states a date: it is approximate, uncertain, or “by that day”."""
    return bool({*"~?%"} & {*date}) or date.startswith("[..")


def split(answers: Mapping[str, str], key: str, separator: str) -> list[str]:
    """Return the parts of an answer of several texts."""
    return [part.strip() for part in answers.get(key, "").split(separator) if part.strip()]


def record_data(answers: Mapping[str, str], vocabulary: Vocabulary, today: str) -> dict[str, Any]:
    """Return a record's plain data from the answers so far, in canonical order.

    ``today`` is the day on which the sources, and what is ``unknown`` of an instrument, were
    looked for.
    """
    data: dict[str, Any] = {
        key: answers.get(key, "")
        for key in ("id", "type", "title", "date", "summary", "text_url", "collection", "notes")
    }
    if vocabulary.kind(data["type"]) != "instrument":
        data["text_url"] = ""
    data["online"] = answers.get("online") == "yes"
    data["places"] = [] if data["online"] else _place(answers)
    data["parties"] = [_party(answers, code, vocabulary) for code in party_codes(answers)]
    data["people"] = [*_people(answers, signed=vocabulary.kind(data["type"]) == "instrument")]
    data["topics"] = split(answers, "topics", ",")
    data["outcomes"] = split(answers, "outcomes", ";")
    if vocabulary.kind(data["type"]) == "instrument":
        data["official_title"] = _part(answers, "official_title")
        data["terms"] = _terms(answers, today)
    data["links"] = [*_pairs(answers, "link", "rel", "record")]
    if record := answers.get("signed_at"):
        data["links"].append({"rel": "signed-at", "record": record})
    data["identifiers"] = [*_pairs(answers, "identifier", "scheme", "value")]
    data["sources"] = [
        _source(answers, key, today) for key, _ in several(answers, "source", ".url")
    ]
    return {key: data[key] for key in ORDER[""] if data.get(key)}


def _place(answers: Mapping[str, str]) -> list[dict[str, str]]:
    place = {key: answers[key] for key in ORDER["places"] if answers.get(key)}
    return [place] if place else []


def _party(answers: Mapping[str, str], code: str, vocabulary: Vocabulary) -> dict[str, Any]:
    name = "country" if code in vocabulary.countries else "organisation"
    party: dict[str, Any] = {name: code}
    if bodies := split(answers, f"bodies.{code}", ";"):
        party["bodies"] = bodies
    if answers.get("host") == code and answers.get("online") != "yes":
        party["role"] = "host"
    return party


def _people(answers: Mapping[str, str], *, signed: bool) -> Iterator[dict[str, Any]]:
    for key, name in several(answers, "person"):
        person: dict[str, Any] = {"name": name}
        for field in ("role", "party"):
            if answer := answers.get(f"{key}.{field}"):
                person[field] = answer
        if signed and answers.get(f"{key}.signed") != "no":
            person["signed"] = True
        yield person


def _part(answers: Mapping[str, str], name: str) -> dict[str, str]:
    """Return the fields of a part that have an answer."""
    fields = {field: answers.get(f"{name}.{field}") for field in ORDER[name]}
    return {field: answer for field, answer in fields.items() if answer}


def _terms(answers: Mapping[str, str], today: str) -> dict[str, str]:
    terms = _part(answers, "terms")
    if _LOOKED_UP & {*terms.values()}:
        terms.setdefault("checked", today)
    return terms


def _pairs(
    answers: Mapping[str, str], name: str, first: str, second: str
) -> Iterator[dict[str, str]]:
    """Yield the items of a list whose answers are two words: ``unts 10388``."""
    for _, answer in several(answers, name):
        one, _, other = answer.partition(" ")
        yield {first: one, second: other}


def _source(answers: Mapping[str, str], key: str, today: str) -> dict[str, Any]:
    source: dict[str, Any] = {"accessed": today}
    for field in ORDER["sources"]:
        if answer := answers.get(f"{key}.{field}"):
            several_ = FIELDS[f"sources.{field}"].kind == "list"
            source[field] = split(answers, f"{key}.{field}", ",") if several_ else answer
    return {field: source[field] for field in ORDER["sources"] if field in source}
