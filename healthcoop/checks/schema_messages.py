"""Schema violations in sentences, from the structured errors of jsonschema."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from healthcoop.checks import suggestions
from healthcoop.checks.findings import Problem
from healthcoop.checks.spellings import respell
from healthcoop.errors import UnknownName
from healthcoop.files.canonical import flow
from healthcoop.files.fixes import Edit, Remove, Rename, Replace
from healthcoop.files.punctuation import describe_line
from healthcoop.files.reader import is_required
from healthcoop.model.field import CODES
from healthcoop.model.shape import describe
from healthcoop.model.spec import FIELDS, ORDER
from healthcoop.model.vocabulary import Vocabulary

_SHOWN_LENGTH = 80
_SHORT = 3
_AROUND = " \n“”„‟«»‘’"
_FEW = 10
_LIKENESS = 0.75  # as in model/vocabulary.py

Pointer = tuple[str | int, ...]
Problems = Iterator[tuple[str, Problem]]

_SHAPES = {
    **{"string": "text", "array": "a list", "object": "fields, each with a name and a value"},
    **{"boolean": "true or false", "integer": "a whole number", "number": "a number"},
    "null": "nothing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A keyword of the schema that a value violates.

    ``expected`` is the keyword's value, ``value`` the value at ``at`` of the ``record``, ``schema``
    the part of the schema around the keyword.
    """

    keyword: str
    expected: Any
    value: Any
    schema: Any
    at: Pointer
    record: Mapping[str, Any] = field(default_factory=dict)


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


def _explain_unknown_fields(violation: Violation, vocabulary: Vocabulary) -> Problems:
    allowed = violation.schema.get("properties", {})
    for key, value in violation.value.items():
        if key in allowed:
            continue
        message = f"“{_shown(key)}” is not a field of {_a_part(violation.at)}."
        at = (*violation.at, key)
        near = _nearest_field(key, violation)
        if near is None:
            hint = _right_place(key, violation) or f"Its fields are {', '.join(allowed)}."
            yield "HC201", Problem(message, hint, at, on_key=True)
            continue
        edits: tuple[Edit, ...] = (Rename(at, near),)
        lines = ""
        path = ".".join([*_names(violation.at), near])
        if describe(value) != "nothing" and not _has_type(value, allowed[near]):
            meant = suggestions.fitting(path, value, vocabulary)
            edits = (Rename(at, near, meant),) if meant is not None else ()
            lines = "" if edits else suggestions.example(path)
        yield (
            "HC201",
            Problem(
                message,
                f"Did you mean “{near}”?",
                at,
                on_key=True,
                example=lines,
                edits=edits,
                safe=_respelt(key, "_") == near,
            ),
        )


def _names(at: Pointer) -> list[str]:
    return [part for part in at if isinstance(part, str)]


def _has_type(value: Any, schema: Any) -> bool:
    kinds = {str: "string", bool: "boolean", list: "array", dict: "object"}
    return _keyword(schema, "type") in (None, kinds.get(type(value)))


def _right_place(key: str, violation: Violation) -> str | None:
    """Return the hint for a field that belongs to another part of the record."""
    name = _respelt(key, "_")
    if violation.at and name in ORDER[""] and name not in violation.record:
        return f"It is a field of the record: begin “{name}:” in the first column."
    owners = [part for part, names in ORDER.items() if part and name in names]
    if violation.at or not owners:
        return None
    listed = " or ".join(f"“{owner}”" for owner in owners)
    return f"It is a field of {listed}: indent its line below that field."


def _respelt(text: str, joint: str) -> str:
    """Return a name in lower case, its words joined by ``joint``."""
    return re.sub("[ _-]+", joint, text.strip().lower())


def _nearest_field(key: str, violation: Violation) -> str | None:
    fields = violation.schema.get("properties", {})
    absent = [name for name in fields if name not in violation.value]
    near = get_close_matches(_respelt(key, "_"), absent, n=1, cutoff=_LIKENESS)
    return near[0] if near else None


def _explain_missing(violation: Violation, vocabulary: Vocabulary) -> Problems:
    fields = violation.schema.get("properties", {})
    reported = {
        _nearest_field(key, violation) for key in violation.value if fields and key not in fields
    }
    if not violation.at:
        reported |= _misplaced(violation.value)
    for name in violation.expected:
        if name in violation.value or name in reported:
            continue  # a misspelt or misplaced field is reported as such
        path = ".".join([*_names(violation.at), name])
        field = FIELDS.get(path)
        hint = f"Add “{name}:”. {field.doc if field else ''}".strip()
        kind = CODES[field.code].vocabulary if field and field.code else ""
        if kind and len(terms := vocabulary.terms(kind)) < _FEW:
            listed = [f"“{name}: {t.code}” ({t.definition.rstrip('.')})" for t in terms.values()]
            hint = f"Add {' or '.join(listed)}."
        message = f"The field “{name}” is missing from {_a_part(violation.at)}."
        rank = [*fields, name].index(name)
        lines = suggestions.example(path)
        yield "HC202", Problem(message, hint, violation.at, example=lines, rank=rank)


def _misplaced(record: Mapping[str, Any]) -> set[str]:
    """Return the fields of the record that are in a part of it, where they are unknown."""
    return {
        key
        for name, value in record.items()
        for part in (value if isinstance(value, list) else [value])
        if isinstance(part, dict)
        for key in part
        if key in ORDER[""] and key not in ORDER.get(name, (key,))
    }


def _explain_shape(violation: Violation, vocabulary: Vocabulary) -> Problems:
    kinds = [violation.expected] if isinstance(violation.expected, str) else violation.expected
    expected = " or ".join(_SHAPES[kind] for kind in kinds)
    an_item = violation.at and isinstance(violation.at[-1], int) and violation.expected == "object"
    name = _a_part(violation.at).capitalize() if an_item else f"“{_name(violation.at)}”"
    message = f"{name} is {describe(violation.value)}; expected {expected}."
    path = ".".join(_names(violation.at))
    if an_item:
        found = suggestions.items(path, str(violation.value), vocabulary)
        meant: Any = found[0] if len(found) == 1 and isinstance(violation.value, str) else None
    else:
        meant = suggestions.fitting(path, violation.value, vocabulary)
    edits = () if meant is None else (Replace(violation.at, meant),)
    # One text is clearly a list of one; what a text names is likely, not certain.
    safe = isinstance(meant, bool) or (isinstance(meant, list) and meant == [violation.value])
    lines = "" if edits else suggestions.example(path)
    hint = _how_to_write(violation)
    tight = describe_line(violation.value) if isinstance(violation.value, str) else None
    if tight and not edits:
        (message, hint), lines = tight[1], ""
    elif path in ("parties.country", "parties.organisation") and not edits:
        listed = violation.value if isinstance(violation.value, list) else ()
        hint, lines = _as_parties(", ".join(map(str, listed)), vocabulary) or (hint, lines)
    yield "HC203", Problem(message, hint, violation.at, example=lines, edits=edits, safe=safe)


def _how_to_write(violation: Violation) -> str:
    """Return the hint for a value of another type than expected."""
    name, value = _name(violation.at), violation.value
    if isinstance(value, dict) and violation.expected == "string":
        return "Put the text in double quotes: a colon with a space makes it a field."
    is_list = _keyword(violation.schema.get("items"), "type") == "string"
    first = next(iter(violation.schema.get("properties", {})), "")
    return {
        "array": f"Write the items in square brackets, separated by commas: {name}: [...]."
        if is_list
        else f"Write each item on a line of its own below “{name}:”, after a hyphen and a space.",
        "object": f"Write its fields with their names, beginning with “{first}: ”.",
        "boolean": "Write true or false.",
    }.get(str(violation.expected), "Write one text, without a hyphen or square brackets.")


def _explain_code(violation: Violation, vocabulary: Vocabulary) -> Problems:
    name = violation.schema["codes"]
    message = f"Unknown {name} code “{_shown(violation.value)}”."
    hint, edits, safe = _nearest_code(vocabulary, CODES[name].vocabulary, violation)
    lines = ""
    if name in ("country", "organisation") and violation.at[:1] == ("parties",):
        hint, lines = _as_parties(violation.value, vocabulary) or (hint, lines)
    yield "HC204", Problem(message, hint, violation.at, example=lines, edits=edits, safe=safe)


def _as_parties(text: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Return the hint and the lines for several parties in the place of one, else None."""
    parties = suggestions.codes(text, vocabulary)
    if len(parties) < 2:
        return None
    hint = "Write each party as an item of its own, after a hyphen and a space."
    return hint, suggestions.example("parties", parties)


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
    if spelt is None and kind == "countries" and (others := vocabulary.shared(value)):
        candidates = [terms[code], *others]
        listed = " or ".join(f"{term.code} ({term.label})" for term in candidates)
        return f"Several countries have this name: write {listed}.", (), False
    safe = lower in (old.lower() for old in (code, *terms[code].former_codes))
    return f"Write “{code}”.", (Replace(violation.at, code),), safe


def _explain_form(violation: Violation, vocabulary: Vocabulary) -> Problems:
    message = f"“{_shown(violation.value)}” is not a valid “{_name(violation.at)}”."
    hint = violation.schema.get("patternErrorMessage") or _example(violation.schema)
    text = violation.value.strip(_AROUND)
    better = respell(_name(violation.at), text)
    if violation.at == ("id",) and not re.search(violation.expected, better):
        better = suggestions.record_id(violation.record, vocabulary) or better
    edits = (Replace(violation.at, better),) if re.search(violation.expected, better) else ()
    # A page without a scheme is likely, not certainly, available by https.
    safe = bool(edits) and ("://" in text or "://" not in better) and violation.at != ("id",)
    hint = f"Write “{better}”." if edits and violation.at != ("id",) else hint
    yield "HC205", Problem(message, hint, violation.at, edits=edits, safe=safe)


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
    optional = isinstance(violation.at[-1], str) and not is_required(violation.at)
    edits = (Remove(violation.at),) if optional else ()
    required = isinstance(violation.at[-1], str) and not optional
    hint = "Fill it in: it is required." if required else "Fill it in, or remove it."
    lines = "" if not required else suggestions.example(".".join(_names(violation.at)))
    yield "HC207", Problem(message, hint, violation.at, example=lines, edits=edits)


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
