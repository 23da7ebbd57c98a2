"""What a value of the wrong type or form is likely to mean, and examples of fields."""

import re
from collections.abc import Mapping
from typing import Any

from healthcoop.errors import UnknownName
from healthcoop.files.canonical import dump
from healthcoop.model.field import CODES
from healthcoop.model.spec import FIELDS
from healthcoop.model.vocabulary import Vocabulary

_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_AND = re.compile(r"\s*(?:[,;/&\n+]|\band\b)\s*")
_ADDRESS = re.compile(r"https?://[^ ,;]+")
_MAX_CODES = 3  # of parties in an id


def example(name: str, value: Any = None) -> str:
    """Return lines of a record file with a field and a value, by default its first example."""
    if value is None:
        field = FIELDS.get(name)
        examples = field.examples if field else ()
        if not examples:
            return ""
        value = examples[0]
    return dump({name.rpartition(".")[2]: value}).rstrip("\n")


def fitting(name: str, value: Any, vocabulary: Vocabulary) -> Any:
    """Return the value that a field can have and that is likely meant; None where none is clear.

    ``name`` is the path of the field, such as ``parties`` or ``parties.bodies``.
    """
    field = FIELDS.get(name)
    if field is None or field.kind in ("part", "says"):
        return None
    if field.kind == "list" and field.item and isinstance(value, str):
        if field.item.kind == "part":
            return items(name, value, vocabulary) or None
        return _listed(value, field.item.code, vocabulary)
    if field.kind == "list" and field.item and field.item.kind == "part":
        return [value] if value and isinstance(value, dict) else None
    if field.kind == "flag":
        return _FLAGS.get(value.lower()) if isinstance(value, str) else None
    return _only_item(value) if field.kind != "list" else None


def items(name: str, text: str, vocabulary: Vocabulary) -> list[dict[str, str]]:
    """Return the parties, places or sources that a text names; empty where one is not clear."""
    if name == "parties":
        return codes(text, vocabulary)
    if name == "places":
        return [_place(text, vocabulary)]
    addresses = _ADDRESS.findall(text) if name == "sources" else []
    return [{"url": address} for address in addresses]


def codes(text: str, vocabulary: Vocabulary) -> list[dict[str, str]]:
    """Return a party for each country and organisation in a text; empty for an unknown one."""
    found = []
    for name in _AND.split(text.strip()):
        try:
            code = vocabulary.find_party(name)
        except UnknownName:
            return []
        if vocabulary.shared(name):
            return []
        found.append({"country" if code in vocabulary.countries else "organisation": code})
    return found


def record_id(record: Mapping[str, Any], vocabulary: Vocabulary) -> str | None:
    """Return an id for a record: year, parties and type; None where one of these is invalid."""
    date, parties, kind = record.get("date"), record.get("parties"), record.get("type")
    if not (isinstance(date, str) and re.match("[0-9]{4}", date) and isinstance(parties, list)):
        return None
    known = {**vocabulary.countries, **vocabulary.organisations}
    codes = [
        party.get("country", party.get("organisation"))
        for party in parties
        if isinstance(party, dict)
    ]
    named = [code for code in codes if isinstance(code, str) and code in known]
    if len(named) < len(parties) or not named:
        return None
    if not isinstance(kind, str) or kind not in vocabulary.types:
        return None
    words = named if len(named) <= _MAX_CODES else ["multi"]
    return "-".join([date[:4], *words, kind]).lower()


def _listed(text: str, code: str, vocabulary: Vocabulary) -> list[str] | None:
    """Return a text as a list of one, or of the codes of a vocabulary that it lists."""
    if not re.search("[,;\n]", text):
        return [text]
    # Of texts that are not codes, only a person can split what looks like several.
    names = [name.strip() for name in re.split("[,;\n]", text)]
    try:
        return [vocabulary.find(CODES[code].vocabulary, name) for name in names] if code else None
    except UnknownName:
        return None


def _only_item(value: Any) -> str | None:
    """Return the text that is the only item of a list."""
    return value[0] if isinstance(value, list) and [type(item) for item in value] == [str] else None


def _place(text: str, vocabulary: Vocabulary) -> dict[str, str]:
    city, _, country = text.rpartition(",")
    try:
        code = vocabulary.find("countries", country)
    except UnknownName:
        return {"city": text}
    if vocabulary.shared(country):
        return {"city": city.strip() or text}
    return {"city": city.strip(), "country": code} if city else {"country": code}
