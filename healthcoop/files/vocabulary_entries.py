"""What an entry of a vocabulary may say: its shapes, its dates, and codes that lead somewhere."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from healthcoop.files.nodes import Pointer
from healthcoop.model.dates import DateError, parse

Entries = Mapping[str, list[dict[str, Any]]]


class Fault(NamedTuple):
    """What is wrong with an entry, and where below the vocabulary's list it stands."""

    pointer: Pointer
    message: str
    hint: str = ""


_TEXT = "text"
_TEXTS = "a list of texts"
_DATE = "a date"
_MEMBERS = "a list of members"
_NUMBERS = "a list of numbers"
_CODE = "a code of ours"
_CODES = "a list of codes of ours"
_COUNTRY = "a country's code"

_COMMON = {
    **dict.fromkeys(("code", "label", "name", "definition", "kind"), _TEXT),
    **dict.fromkeys(("names", "former_codes"), _TEXTS),
    **dict.fromkeys(("from", "until"), _DATE),
    "replaced_by": _CODE,
}
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "countries": {
        **_COMMON,
        **dict.fromkeys(("alpha3", "numeric", "official_name"), _TEXT),
        **dict.fromkeys(("other_names", "demonyms"), _TEXTS),
        "cow": _NUMBERS,
        "successors": _CODES,
        "folds_into": _CODE,
    },
    "organisations": _COMMON,
    "topics": {**_COMMON, "crs": _TEXT},
    "types": _COMMON,
    "collections": {
        **_COMMON,
        **dict.fromkeys(("method", "missing", "licence", "attribution"), _TEXT),
        "languages": _TEXTS,
        "years": _DATE,
    },
    "regions": {**_COMMON, "source": _TEXT, "members": _MEMBERS},
}
_ITEMS: Mapping[str, Mapping[str, str]] = {
    _MEMBERS: {"country": _COUNTRY, "from": _DATE, "until": _DATE},
    _NUMBERS: {"number": _TEXT, "from": _DATE, "until": _DATE},
}
"""The fields of the items of a list; each item has the first of them."""
_SINGULAR = {_MEMBERS: "member", _NUMBERS: "number"}
_KINDS = {"types": ("instrument", "encounter"), "countries": ("state", "territory", "former")}


def faults(kind: str, entries: list[Any]) -> Iterator[Fault]:
    """Give what is wrong with the entries of one vocabulary, each by itself and for its code."""
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        code = entry.get("code") if isinstance(entry, dict) else None
        if not isinstance(code, str) or not code:
            yield Fault((number,), f"entry {number + 1} of “{kind}” has no code")
            continue
        label = entry.get("label", entry.get("name"))
        if not isinstance(label, str) or not label:
            yield Fault((number,), f"“{code}” has no label")
        if code in seen:
            yield Fault((number, "code"), f"the code “{code}” stands there twice")
        seen.add(code)
        yield from _shapes(entry, _FIELDS[kind], (number,), f"“{code}”")
        known = _KINDS.get(kind)
        given = entry.get("kind")
        if known and given not in known and (given or kind == "types"):
            message = f"the kind of “{code}” is not one of {', '.join(known)}"
            yield Fault((number, "kind"), message)


def lost_codes(kind: str, vocabularies: Entries) -> Iterator[Fault]:
    """Give the codes in the entries of one vocabulary that lead nowhere."""
    codes = {name: {entry["code"] for entry in entries} for name, entries in vocabularies.items()}
    for number, entry in enumerate(vocabularies[kind]):
        named: list[tuple[Pointer, str, str]] = []
        for key, wanted in _FIELDS[kind].items():
            if wanted == _CODE and key in entry:
                named.append(((number, key), kind, entry[key]))
            elif wanted == _CODES:
                items = enumerate(entry.get(key, ()))
                named += [((number, key, place), kind, code) for place, code in items]
            elif wanted == _MEMBERS:
                for place, member in enumerate(entry.get(key, ())):
                    below = (number, key, place, "country")
                    named.append((below, "countries", member["country"]))
        for pointer, other, code in named:
            if code not in codes[other]:
                near = get_close_matches(code, codes[other], n=1)
                hint = f"Did you mean “{near[0]}”?" if near else ""
                message = f"“{entry['code']}” names “{code}”, which is no code of our {other}"
                yield Fault(pointer, message, hint)


def _shapes(
    entry: Mapping[str, Any], fields: Mapping[str, str], at: Pointer, owner: str
) -> Iterator[Fault]:
    for key, value in entry.items():
        pointer = (*at, key)
        if key not in fields:
            near = get_close_matches(key, fields, n=1)
            hint = f"Did you mean “{near[0]}”?" if near else f"There are {', '.join(fields)}."
            yield Fault(pointer, f"“{key}” is not a field of {owner}", hint)
        elif not _has_shape(value, fields[key]):
            yield Fault(pointer, f"“{key}” of {owner} is not {fields[key]}")
        elif fields[key] == _DATE:
            try:
                parse(value)
            except DateError as error:
                message = f"“{key}” of {owner}: {error.message.removesuffix('.')}"
                yield Fault(pointer, message, error.hint)
        elif item_fields := _ITEMS.get(fields[key]):
            needed = next(iter(item_fields))
            for number, item in enumerate(value):
                where = (*pointer, number)
                whose = f"{_SINGULAR[fields[key]]} {number + 1} of {owner}"
                yield from _shapes(item, item_fields, where, whose)
                if needed not in item:
                    yield Fault(where, f"{whose} has no {needed}")


def _has_shape(value: Any, wanted: str) -> bool:
    if wanted in _ITEMS:
        return isinstance(value, list) and all(isinstance(item, dict) for item in value)
    if wanted in (_TEXTS, _CODES):
        return isinstance(value, list) and all(map(_is_text, value))
    return _is_text(value)


def _is_text(value: Any) -> bool:
    # JSON can escape half a character, which no file and no database takes.
    return isinstance(value, str) and (value.isascii() or not _HALVES.search(value))


_HALVES = re.compile("[\ud800-\udfff]")
