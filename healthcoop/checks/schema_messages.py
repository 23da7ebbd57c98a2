"""What a record breaks of the schema, in sentences: no library's wording reaches a person."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from healthcoop.checks.findings import Problem
from healthcoop.errors import UnknownName
from healthcoop.files.canonical import flow
from healthcoop.files.fixes import Edit, Remove, Rename, Replace
from healthcoop.model.date_errors import counted_out
from healthcoop.model.shape import describe
from healthcoop.model.vocabulary import Vocabulary

_SHOWN_LENGTH = 80
_SHORT = 3

Pointer = tuple[str | int, ...]
Found = Iterator[tuple[str, Problem]]

_SHAPES = {
    **{"string": "text", "array": "a list", "object": "a mapping of fields to values"},
    **{"boolean": "true or false", "integer": "a whole number", "number": "a number"},
    "null": "nothing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One keyword of the schema that a value does not keep to.

    ``wanted`` is what the keyword says, ``value`` what the record says at ``at``, ``schema`` the
    part of the schema around the keyword, ``said`` the library's own words.
    """

    keyword: str
    wanted: Any
    value: Any
    schema: Any
    at: Pointer
    said: str


def explain(breach: Breach, vocabulary: Vocabulary) -> Found:
    """Give the code and the problem, or several, of a breach."""
    return _EXPLAIN.get(breach.keyword, _explain_other)(breach, vocabulary)


def _name(at: Pointer) -> str:
    """Name the field a pointer leads to; an item of a list is named by its list."""
    for part in reversed(at):
        if isinstance(part, str):
            return part
    return "the record"


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"


def _a_part(at: Pointer) -> str:
    """Name the kind of mapping a pointer leads to: ``a party``, ``the record``, ``“terms”`` ..."""
    items = {
        "places": "a place",
        "parties": "a party",
        "people": "a person",
        "identifiers": "an identifier",
        "links": "a link",
        "sources": "a source",
    }
    name = _name(at)
    return items.get(name, f"“{name}”") if at else "a record"


def _explain_unknown_fields(breach: Breach, _: Vocabulary) -> Found:
    allowed = breach.schema.get("properties", {})
    for key in breach.value:
        if key in allowed:
            continue
        near = _nearest_field(key, breach)
        hint = f"Did you mean “{near}”?" if near else f"Its fields are {', '.join(allowed)}."
        message = f"“{_shown(key)}” is not a field of {_a_part(breach.at)}."
        pointer = (*breach.at, key)
        yield (
            "HC201",
            Problem(
                message=message,
                hint=hint,
                pointer=pointer,
                on_key=True,
                edits=(Rename(pointer, near),) if near else (),
                safe=_respelt(key, "_") == near,
            ),
        )


def _respelt(text: str, joint: str) -> str:
    """Write a name as ours are: in lower case, its words joined one way."""
    return re.sub("[ _-]+", joint, text.strip().lower())


def _nearest_field(key: str, breach: Breach) -> str | None:
    fields = breach.schema.get("properties", {})
    absent = [name for name in fields if name not in breach.value]
    near = get_close_matches(key, absent, n=1, cutoff=0.7)
    return near[0] if near else None


def _explain_missing(breach: Breach, _: Vocabulary) -> Found:
    # The library gives one error for each missing name, and the name only in its own words.
    missing = [name for name in breach.wanted if name not in breach.value]
    name = next(name for name in missing if repr(name) in breach.said)
    fields = breach.schema.get("properties", {})
    if any(_nearest_field(key, breach) == name for key in breach.value if key not in fields):
        return  # it is there, misspelt, and reported as such
    about = _said_of(fields.get(name), "description") or ""
    hint = f"Add “{name}:”. {about}".strip()
    message = f"The field “{name}” is missing from {_a_part(breach.at)}."
    turn = [*fields, name].index(name)
    yield "HC202", Problem(message=message, hint=hint, pointer=breach.at, turn=turn)


def _explain_shape(breach: Breach, _: Vocabulary) -> Found:
    kinds = [breach.wanted] if isinstance(breach.wanted, str) else breach.wanted
    wanted = " or ".join(_SHAPES[kind] for kind in kinds)
    an_item = breach.at and isinstance(breach.at[-1], int) and breach.wanted == "object"
    name = _a_part(breach.at).capitalize() if an_item else f"“{_name(breach.at)}”"
    message = f"{name} is {describe(breach.value)}; {wanted} is wanted."
    meant = _meant(breach)
    edits = () if meant is None else (Replace(breach.at, meant),)
    yield (
        "HC203",
        Problem(
            message=message,
            hint=_example(breach.schema),
            pointer=breach.at,
            edits=edits,
            safe=bool(edits),
        ),
    )


_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _meant(breach: Breach) -> bool | tuple[str, ...] | None:
    """Give what a text of the wrong shape stands for beyond doubt: one text is a list of one."""
    if not isinstance(breach.value, str):
        return None
    if breach.wanted == "boolean":
        return _FLAGS.get(breach.value.lower())
    items = breach.schema.get("items")
    listed = breach.wanted == "array" and _said_of(items, "type") == "string"
    # What looks like several must be told apart by whoever knows.
    return (breach.value,) if listed and not re.search("[,;\n]", breach.value) else None


def _explain_code(breach: Breach, vocabulary: Vocabulary) -> Found:
    kind = breach.schema["vocabulary"]
    message = f"“{_shown(breach.value)}” is no code of our {kind}."
    hint, edits, safe = _nearest_code(vocabulary, kind, breach)
    yield (
        "HC204",
        Problem(message=message, hint=hint, pointer=breach.at, edits=edits, safe=safe),
    )


def _explain_choice(breach: Breach, vocabulary: Vocabulary) -> Found:
    value = breach.value
    if not all(isinstance(choice, str) for choice in (value, *breach.wanted)):
        if breach.schema.get("type") != "string":  # else that is reported
            yield from _explain_other(breach, vocabulary)
        return
    near = get_close_matches(value.lower(), breach.wanted, n=1)
    spelt = _respelt(value, "-")
    safe = spelt in breach.wanted
    better = spelt if safe else near[0] if near else None
    hint = f"Did you mean “{better}”? " if better else ""
    hint += f"It is one of {', '.join(breach.wanted)}."
    message = f"“{_shown(value)}” is not a {_name(breach.at)} we know."
    edits = (Replace(breach.at, better),) if better else ()
    yield (
        "HC204",
        Problem(message=message, hint=hint, pointer=breach.at, edits=edits, safe=safe),
    )


def _nearest_code(
    vocabulary: Vocabulary, kind: str, breach: Breach
) -> tuple[str, tuple[Edit, ...], bool]:
    """Give the hint, the edit and whether it is safe: where only spelling or age differs."""
    value = breach.value
    terms = vocabulary.terms(kind)
    given = _respelt(value, "-")
    spelt = next((code for code in (given, given.upper()) if code in terms), None)
    try:
        code = spelt or vocabulary.find(kind, value)
    except UnknownName as unknown:
        other = {"countries": "organisations", "organisations": "countries"}.get(kind, "")
        if other and value in vocabulary.terms(other):
            field = "organisation" if other == "organisations" else "country"
            edits = (Rename(breach.at, field),) if breach.at[:1] == ("parties",) else ()
            label = vocabulary.label(value)
            return f"{label} goes under “{field}: {value}”.", edits, False
        near = [
            term.code
            for term in terms.values()
            if term.label in unknown.nearest or term.code in unknown.nearest
        ]
        offer = f"Did you mean {' or '.join(f'“{code}”' for code in near)}? " if near else ""
        words = value.split()
        if len(words) > 1 and all(word in terms for word in words):
            return f"Write a comma between {' and '.join(f'“{w}”' for w in words)}.", (), False
        hint = f"{offer}“healthcoop vocab {kind}” lists the codes."
        # To a text of two or three letters many codes are as near as the one that was found.
        sure = len(near) == 1 and len(value) > _SHORT
        return hint, (Replace(breach.at, near[0]),) if sure else (), False
    safe = given in (old.lower() for old in (code, *terms[code].former_codes))
    return f"Write “{code}”.", (Replace(breach.at, code),), safe


def _explain_form(breach: Breach, _: Vocabulary) -> Found:
    message = f"“{_shown(breach.value)}” does not have the form of “{_name(breach.at)}”."
    hint = breach.schema.get("patternErrorMessage") or _example(breach.schema)
    given = breach.value.strip()
    better = _SPELLINGS.get(_name(breach.at), str)(given)
    edits = (Replace(breach.at, better),) if re.search(breach.wanted, better) else ()
    # That a page without a scheme is there by https as well is likely, not sure.
    safe = bool(edits) and ("://" in given or "://" not in better)
    yield (
        "HC205",
        Problem(message=message, hint=hint, pointer=breach.at, edits=edits, safe=safe),
    )


_LANGUAGES: Mapping[str, str] = {
    **{"english": "en", "french": "fr", "spanish": "es", "portuguese": "pt", "russian": "ru"},
    **{"chinese": "zh", "arabic": "ar", "german": "de", "italian": "it", "turkish": "tr"},
    **{"ukrainian": "uk", "japanese": "ja", "korean": "ko", "vietnamese": "vi"},
}
"""The languages of most sources by their English names, and their codes in ISO 639-1."""


def _with_language_first(text: str) -> str:
    if code := _LANGUAGES.get(text.lower()):
        return code
    language, dash, rest = text.replace("_", "-").partition("-")
    return f"{language.lower()}{dash}{rest}"


def _with_scheme_first(text: str) -> str:
    if _BARE_ADDRESS.fullmatch(text):
        return f"https://{text}"
    scheme, colon, rest = text.partition(":")
    return f"{scheme.lower()}{colon}{rest}"


_BARE_ADDRESS = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:[/?#][^ ]*)?")


def _with_field_first(text: str) -> str:
    field, dot, rest = text.partition(".")
    return f"{field.lower()}{dot}{rest}"


def _as_duration(text: str) -> str:
    if text.lower() in ("indefinite", "unknown"):
        return text.lower()
    return counted_out(text) or text.upper()


# How a value is written whose form leaves no doubt what is meant; others only lose spaces around.
_SPELLINGS: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(("scheme", "record", "replaced_by"), str.lower),
    **dict.fromkeys(("term", "renewal_term", "notice"), _as_duration),
    "wikidata": str.upper,
    **dict.fromkeys(("url", "archived", "text_url"), _with_scheme_first),
    "language": _with_language_first,
    "supports": _with_field_first,
}


def _explain_length(breach: Breach, _: Vocabulary) -> Found:
    length, limit = len(breach.value), breach.wanted
    least = breach.keyword == "minLength"
    message = f"“{_name(breach.at)}” has {length} character{'' if length == 1 else 's'}; "
    message += f"at least {limit} are wanted." if least else f"at most {limit} are allowed."
    hint = breach.schema.get("description") or "Write more, or remove it."
    hint = hint if least else "Say it more shortly."
    yield "HC206", Problem(message=message, hint=hint, pointer=breach.at)


def _explain_empty(breach: Breach, _: Vocabulary) -> Found:
    message = f"“{_name(breach.at)}” has nothing in it."
    optional = isinstance(breach.at[-1], str) and breach.at[-1] not in _NEVER_LEFT_OUT
    yield (
        "HC207",
        Problem(
            message=message,
            hint="Fill it in, or remove it.",
            pointer=breach.at,
            edits=(Remove(breach.at),) if optional else (),
        ),
    )


_NEVER_LEFT_OUT = ("parties", "topics", "sources")


def _explain_doubled(breach: Breach, _: Vocabulary) -> Found:
    seen: set[str] = set()
    for number, item in enumerate(breach.value):
        written = json.dumps(item, sort_keys=True)
        if written in seen:
            shown = f"“{_shown(item)}”" if isinstance(item, str) else describe(item)
            message = f"“{_name(breach.at)}” names {shown} twice."
            pointer = (*breach.at, number)
            edits = (Remove(pointer),)
            yield (
                "HC208",
                Problem(message=message, hint="Keep one.", pointer=pointer, edits=edits, safe=True),
            )
        seen.add(written)


def _explain_other(breach: Breach, _: Vocabulary) -> Found:
    message = f"“{_name(breach.at)}” does not keep to “{breach.keyword}” of the schema."
    if breach.schema is False:
        message = f"“{_name(breach.at)}” cannot stand here."
    yield "HC209", Problem(message=message, hint=_example(breach.schema), pointer=breach.at)


def _said_of(schema: Any, key: str) -> Any:
    """Give what a part of a schema says under a key; a part may be just true or false."""
    return schema.get(key) if isinstance(schema, dict) else None


def _example(schema: Any) -> str:
    """Show the field's own first example, as it would stand in a file."""
    examples = _said_of(schema, "examples")
    if examples:
        return f"For example: {flow(examples[0])}"
    first = next(iter((_said_of(schema, "properties") or {}).items()), None)
    if first and (examples := _said_of(first[1], "examples")):
        return f"For example: {first[0]}: {flow(examples[0])}"
    return str(_said_of(schema, "description") or "Write it as in other records.")


_EXPLAIN: Mapping[str, Callable[[Breach, Vocabulary], Found]] = {
    "additionalProperties": _explain_unknown_fields,
    "required": _explain_missing,
    "type": _explain_shape,
    "format": _explain_code,
    "enum": _explain_choice,
    "pattern": _explain_form,
    "minLength": _explain_length,
    "maxLength": _explain_length,
    "minItems": _explain_empty,
    "minProperties": _explain_empty,
    "uniqueItems": _explain_doubled,
}
