"""Schema violations in sentences, from the structured errors of jsonschema."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any

from healthcoop.checks.findings import Problem
from healthcoop.errors import UnknownName
from healthcoop.files.canonical import flow
from healthcoop.files.fixes import Edit, Remove, Rename, Replace
from healthcoop.model.date_errors import counted_out
from healthcoop.model.field import CODES
from healthcoop.model.shape import describe
from healthcoop.model.spec import FIELDS, REQUIRED
from healthcoop.model.vocabulary import Vocabulary

_SHOWN_LENGTH = 80
_SHORT = 3

Pointer = tuple[str | int, ...]
Problems = Iterator[tuple[str, Problem]]

_SHAPES = {
    **{"string": "text", "array": "a list", "object": "a mapping of fields to values"},
    **{"boolean": "true or false", "integer": "a whole number", "number": "a number"},
    "null": "nothing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A keyword of the schema that a value violates.

    ``expected`` is the keyword's value, ``value`` the record's value at ``at``, ``schema`` the part
    of the schema around the keyword.
    """

    keyword: str
    expected: Any
    value: Any
    schema: Any
    at: Pointer


def explain(violation: Violation, vocabulary: Vocabulary) -> Problems:
    """Yield the code and the problem of a violation; one problem for each missing field."""
    return _EXPLAIN.get(violation.keyword, _explain_other)(violation, vocabulary)


def _name(at: Pointer) -> str:
    """Return the name of the field that a pointer leads to, for an item that of its list."""
    for part in reversed(at):
        if isinstance(part, str):
            return part
    return "the record"


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"


def _a_part(at: Pointer) -> str:
    """Return the kind of mapping that a pointer leads to: ``a party``, ``a record`` ..."""
    if not at:
        return "a record"
    field = FIELDS.get(name := _name(at))
    title = field.item.title.lower() if field and field.item else ""
    if not title:
        return f"“{name}”"
    return f"{'an' if title[0] in 'aeiou' else 'a'} {title}"


def _explain_unknown_fields(violation: Violation, _: Vocabulary) -> Problems:
    allowed = violation.schema.get("properties", {})
    for key in violation.value:
        if key in allowed:
            continue
        near = _nearest_field(key, violation)
        hint = f"Did you mean “{near}”?" if near else f"Its fields are {', '.join(allowed)}."
        message = f"“{_shown(key)}” is not a field of {_a_part(violation.at)}."
        at = (*violation.at, key)
        edits, safe = (Rename(at, near),) if near else (), _respelt(key, "_") == near
        yield "HC201", Problem(message, hint, at, on_key=True, edits=edits, safe=safe)


def _respelt(text: str, joint: str) -> str:
    """Return a name in lower case, its words joined by ``joint``."""
    return re.sub("[ _-]+", joint, text.strip().lower())


def _nearest_field(key: str, violation: Violation) -> str | None:
    fields = violation.schema.get("properties", {})
    absent = [name for name in fields if name not in violation.value]
    near = get_close_matches(key, absent, n=1, cutoff=0.7)
    return near[0] if near else None


def _explain_missing(violation: Violation, _: Vocabulary) -> Problems:
    fields = violation.schema.get("properties", {})
    misspelt = {
        _nearest_field(key, violation) for key in violation.value if fields and key not in fields
    }
    for name in violation.expected:
        if name in violation.value or name in misspelt:
            continue  # a misspelt field is reported as such
        about = _keyword(fields.get(name), "description") or ""
        hint = f"Add “{name}:”. {about}".strip()
        message = f"The field “{name}” is missing from {_a_part(violation.at)}."
        rank = [*fields, name].index(name)
        yield "HC202", Problem(message, hint, violation.at, rank=rank)


def _explain_shape(violation: Violation, _: Vocabulary) -> Problems:
    kinds = [violation.expected] if isinstance(violation.expected, str) else violation.expected
    expected = " or ".join(_SHAPES[kind] for kind in kinds)
    an_item = violation.at and isinstance(violation.at[-1], int) and violation.expected == "object"
    name = _a_part(violation.at).capitalize() if an_item else f"“{_name(violation.at)}”"
    message = f"{name} is {describe(violation.value)}; expected {expected}."
    meant = _meant(violation)
    edits = () if meant is None else (Replace(violation.at, meant),)
    hint = _example(violation.schema)
    yield "HC203", Problem(message, hint, violation.at, edits=edits, safe=bool(edits))


_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _meant(violation: Violation) -> bool | tuple[str, ...] | None:
    """Return what a text of the wrong type clearly means: one text is a list of one."""
    if not isinstance(violation.value, str):
        return None
    if violation.expected == "boolean":
        return _FLAGS.get(violation.value.lower())
    items = violation.schema.get("items")
    listed = violation.expected == "array" and _keyword(items, "type") == "string"
    # Only a person can split what looks like several.
    return (violation.value,) if listed and not re.search("[,;\n]", violation.value) else None


def _explain_code(violation: Violation, vocabulary: Vocabulary) -> Problems:
    name = violation.schema["codes"]
    message = f"Unknown {name} code “{_shown(violation.value)}”."
    hint, edits, safe = _nearest_code(vocabulary, CODES[name].vocabulary, violation)
    yield "HC204", Problem(message, hint, violation.at, edits=edits, safe=safe)


def _explain_choice(violation: Violation, vocabulary: Vocabulary) -> Problems:
    value = violation.value
    if not all(isinstance(choice, str) for choice in (value, *violation.expected)):
        if violation.schema.get("type") != "string":  # otherwise its type is reported
            yield from _explain_other(violation, vocabulary)
        return
    if "codes" in violation.schema:
        yield from _explain_code(violation, vocabulary)
        return
    near = get_close_matches(value.lower(), violation.expected, n=1)
    spelt = _respelt(value, "-")
    safe = spelt in violation.expected
    better = spelt if safe else near[0] if near else None
    hint = f"Did you mean “{better}”? " if better else ""
    hint += f"It is one of {', '.join(violation.expected)}."
    message = f"Unknown {_name(violation.at)} “{_shown(value)}”."
    edits = (Replace(violation.at, better),) if better else ()
    yield "HC204", Problem(message, hint, violation.at, edits=edits, safe=safe)


def _nearest_code(
    vocabulary: Vocabulary, kind: str, violation: Violation
) -> tuple[str, tuple[Edit, ...], bool]:
    """Return hint, edits and whether they are safe: where only spelling or age differs."""
    value = violation.value
    terms = vocabulary.terms(kind)
    lower = _respelt(value, "-")
    spelt = next((code for code in (lower, lower.upper()) if code in terms), None)
    try:
        code = spelt or vocabulary.find(kind, value)
    except UnknownName as unknown:
        other = {"countries": "organisations", "organisations": "countries"}.get(kind, "")
        if other and value in vocabulary.terms(other):
            field = "organisation" if other == "organisations" else "country"
            edits = (Rename(violation.at, field),) if violation.at[:1] == ("parties",) else ()
            label = vocabulary.label(value)
            return f"{label} goes under “{field}: {value}”.", edits, False
        nearest = set(unknown.nearest)
        near = [term.code for term in terms.values() if nearest & {term.label, term.code}]
        offer = f"Did you mean {' or '.join(f'“{code}”' for code in near)}? " if near else ""
        words = value.split()
        if len(words) > 1 and all(word in terms for word in words):
            return f"Write a comma between {' and '.join(f'“{w}”' for w in words)}.", (), False
        hint = f"{offer}“healthcoop vocab {kind}” lists the codes."
        # To a text of two or three letters many codes are as near as this one.
        sure = len(near) == 1 and len(value) > _SHORT
        return hint, (Replace(violation.at, near[0]),) if sure else (), False
    safe = lower in (old.lower() for old in (code, *terms[code].former_codes))
    return f"Write “{code}”.", (Replace(violation.at, code),), safe


def _explain_form(violation: Violation, _: Vocabulary) -> Problems:
    message = f"“{_shown(violation.value)}” is not a valid “{_name(violation.at)}”."
    hint = violation.schema.get("patternErrorMessage") or _example(violation.schema)
    text = violation.value.strip()
    better = _SPELLINGS.get(_name(violation.at), str)(text)
    edits = (Replace(violation.at, better),) if re.search(violation.expected, better) else ()
    # A page without a scheme is likely, not certainly, available by https.
    safe = bool(edits) and ("://" in text or "://" not in better)
    yield "HC205", Problem(message, hint, violation.at, edits=edits, safe=safe)


_LANGUAGES: Mapping[str, str] = {
    **{"english": "en", "french": "fr", "spanish": "es", "portuguese": "pt", "russian": "ru"},
    **{"chinese": "zh", "arabic": "ar", "german": "de", "italian": "it", "turkish": "tr"},
    **{"ukrainian": "uk", "japanese": "ja", "korean": "ko", "vietnamese": "vi"},
}
"""The ISO 639-1 codes of the languages of most sources, by their English names."""


def _as_language(text: str) -> str:
    return _LANGUAGES.get(text.lower()) or _lower_before("-", text.replace("_", "-"))


def _as_address(text: str) -> str:
    return f"https://{text}" if _BARE_ADDRESS.fullmatch(text) else _lower_before(":", text)


_BARE_ADDRESS = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:[/?#][^ ]*)?")


def _lower_before(mark: str, text: str) -> str:
    first, mark, rest = text.partition(mark)
    return f"{first.lower()}{mark}{rest}"


def _as_duration(text: str) -> str:
    if text.lower() in ("indefinite", "unknown"):
        return text.lower()
    return counted_out(text) or text.upper()


# How the intended form of a value is written; of others only the spaces around are removed.
_SPELLINGS: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(("scheme", "record", "replaced_by"), str.lower),
    **dict.fromkeys(("term", "renewal_term", "notice"), _as_duration),
    "wikidata": str.upper,
    **dict.fromkeys(("url", "archived", "text_url"), _as_address),
    "language": _as_language,
    "supports": partial(_lower_before, "."),
}


def _explain_length(violation: Violation, _: Vocabulary) -> Problems:
    length, limit = len(violation.value), violation.expected
    least = violation.keyword == "minLength"
    message = f"“{_name(violation.at)}” has {length} character{'' if length == 1 else 's'}; "
    message += (
        f"at least {limit} {'is' if limit == 1 else 'are'} required."
        if least
        else f"at most {limit} are allowed."
    )
    hint = violation.schema.get("description") or "Write more, or remove it."
    hint = hint if least else "Shorten it."
    yield "HC206", Problem(message, hint, violation.at)


def _explain_empty(violation: Violation, _: Vocabulary) -> Problems:
    message = f"“{_name(violation.at)}” is empty."
    optional = isinstance(violation.at[-1], str) and violation.at[-1] not in REQUIRED
    edits = (Remove(violation.at),) if optional else ()
    yield "HC207", Problem(message, "Fill it in, or remove it.", violation.at, edits=edits)


def _explain_doubled(violation: Violation, _: Vocabulary) -> Problems:
    seen: set[str] = set()
    for number, item in enumerate(violation.value):
        written = json.dumps(item, sort_keys=True)
        if written in seen:
            shown = f"“{_shown(item)}”" if isinstance(item, str) else describe(item)
            message = f"“{_name(violation.at)}” lists {shown} twice."
            pointer = (*violation.at, number)
            edits = (Remove(pointer),)
            yield "HC208", Problem(message, "Remove one.", pointer, edits=edits, safe=True)
        seen.add(written)


def _explain_other(violation: Violation, _: Vocabulary) -> Problems:
    message = f"“{_name(violation.at)}” violates “{violation.keyword}” of the schema."
    if violation.schema is False:
        message = f"“{_name(violation.at)}” is not allowed here."
    yield "HC209", Problem(message, _example(violation.schema), violation.at)


def _keyword(schema: Any, key: str) -> Any:
    """Return a keyword's value in a part of a schema, which may be just true or false."""
    return schema.get(key) if isinstance(schema, dict) else None


def _example(schema: Any) -> str:
    """Return the field's first example, as it is written in a file."""
    examples = _keyword(schema, "examples")
    if examples:
        return f"For example: {flow(examples[0])}"
    first = next(iter((_keyword(schema, "properties") or {}).items()), None)
    if first and (examples := _keyword(first[1], "examples")):
        return f"For example: {first[0]}: {flow(examples[0])}"
    return str(_keyword(schema, "description") or "Write it as in other records.")


_EXPLAIN: Mapping[str, Callable[[Violation, Vocabulary], Problems]] = {
    "additionalProperties": _explain_unknown_fields,
    "required": _explain_missing,
    "type": _explain_shape,
    "enum": _explain_choice,
    "pattern": _explain_form,
    "minLength": _explain_length,
    "maxLength": _explain_length,
    "minItems": _explain_empty,
    "minProperties": _explain_empty,
    "uniqueItems": _explain_doubled,
}
