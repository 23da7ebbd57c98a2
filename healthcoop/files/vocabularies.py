"""The files in ``schema/``: the vocabularies, and the record format's version."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from healthcoop.errors import InvalidSchema
from healthcoop.files import reader
from healthcoop.files.location import SCHEMA_PATH
from healthcoop.files.nodes import EMPTY, Pointer
from healthcoop.files.positions import Positions
from healthcoop.files.tree import Tree
from healthcoop.files.visible import HIDDEN
from healthcoop.model import FORMAT_VERSION, regions
from healthcoop.model.dates import DateError, parse
from healthcoop.model.scope import EVENT_KINDS
from healthcoop.model.vocabulary import KINDS, Vocabulary

PATHS: Mapping[str, str] = {
    kind: f"schema/{kind}.{'json' if kind == 'countries' else 'yaml'}" for kind in KINDS
}
_DIGITS = 10  # of a version: Python converts no more than some thousand
_Entries = Mapping[str, list[dict[str, Any]]]


class _EntryProblem(NamedTuple):
    """What is wrong with an entry, and its place below the vocabulary's list."""

    pointer: Pointer
    message: str
    hint: str = ""


_TEXT = "a text"
_TEXTS = "a list of texts"
_DATE = "a date"
_MEMBERS = "a list of members"
_NUMBERS = "a list of numbers"
_CODE = "a code of this vocabulary"
_CODES = "a list of codes of this vocabulary"
_COUNTRY = "a country's code"
_COUNTRIES = "a list of countries' codes"
_ORGANISATIONS = "a list of organisations' codes"
_FLAG = "true or false"
_EVENT_KINDS = f"a list of {' and '.join(EVENT_KINDS)}"
_SCOPE = "a scope"

# These go into file names, options and a shell's completion; and near ones are searched for.
_LONGEST_CODE = 64
_CODE_FORM = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{_LONGEST_CODE - 1}}}")
_LONGEST_CHAIN = 20  # of codes: a state that folds into another, a region that is part of one
_SHOWN = 80
_LONGEST_NAME = 150  # near names are searched for
_PROSE = ("definition", "method", "attribution", "source", "selection", "missing")

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
        **dict.fromkeys(("method", "licence", "attribution"), _TEXT),
        "languages": _TEXTS,
        "years": _DATE,
        "scope": _SCOPE,
    },
    "regions": {
        **_COMMON,
        "source": _TEXT,
        "members": _MEMBERS,
        "part_of": _CODE,
        **dict.fromkeys(("countries", "added"), _COUNTRIES),
    },
}
_ITEMS: Mapping[str, Mapping[str, str]] = {
    _MEMBERS: {"country": _COUNTRY, "from": _DATE, "until": _DATE},
    _NUMBERS: {"number": _TEXT, "from": _DATE, "until": _DATE},
}
"""The fields of the items of a list; the first of them is required."""
_SCOPE_FIELDS: Mapping[str, str] = {
    "complete": _FLAG,
    "countries": _COUNTRIES,
    "organisations": _ORGANISATIONS,
    "kinds": _EVENT_KINDS,
    **dict.fromkeys(("from", "until"), _DATE),
    **dict.fromkeys(("selection", "missing"), _TEXT),
}
_VOCABULARY_OF = {
    **dict.fromkeys((_COUNTRY, _COUNTRIES), "countries"),
    _ORGANISATIONS: "organisations",
}
_SINGULAR = {_MEMBERS: "member", _NUMBERS: "number"}
_KINDS = {
    "types": ("instrument", "encounter"),
    "countries": ("state", "territory", "former"),
    "regions": regions.KINDS,
}


def load(files: Mapping[str, bytes]) -> Vocabulary:
    """Parse every vocabulary; raises InvalidSchema with the file and place of the first problem."""
    vocabularies = {kind: _entries(files, kind, path) for kind, path in PATHS.items()}
    for kind in KINDS:
        _raise_first(files, kind, _unknown_codes(kind, vocabularies))
        _raise_first(files, kind, _endless_chains(kind, vocabularies[kind]))
    return Vocabulary(vocabularies)


def read_yaml(files: Mapping[str, bytes], path: str) -> dict[str, Any]:
    """Parse one YAML file under ``schema/``; raises InvalidSchema for a missing or invalid one."""
    result = reader.parse(_content(files, path))
    if result.data is None:
        problem = result.problems[0]
        place = f"{path}:{problem.span.line}:{problem.span.column}"
        hint = problem.hint
        if problem is EMPTY and path in PATHS.values():  # which no data set can do without
            hint = _how_to_restore(files, path) or "Fill it in."
        raise InvalidSchema(f"{place}: {problem.message}", hint=hint)
    return result.data


def read_schema(files: Mapping[str, bytes]) -> Any:
    """Parse the schema of a record.

    Raises InvalidSchema where it is missing, invalid, or of an unknown version.
    """
    schema = read_json(files, SCHEMA_PATH)
    check_version(schema)
    return schema


def check_version(schema: Any) -> None:
    """Raise InvalidSchema for a schema whose ``$id`` has no version, or an unknown newer one."""
    identity = schema.get("$id") if isinstance(schema, dict) else None
    version = str(identity).rpartition("record/")[2]
    if not (version.isascii() and version.isdecimal() and len(version) < _DIGITS):
        raise InvalidSchema(f"{SCHEMA_PATH} has no “$id” that ends in record/{FORMAT_VERSION}")
    if int(version) > FORMAT_VERSION:
        raise InvalidSchema(
            f"this data set has records of version {version}; "
            f"this tool knows version {FORMAT_VERSION}",
            hint="Upgrade healthcoop.",
        )


def read_json(files: Mapping[str, bytes], path: str) -> Any:
    """Parse one JSON file under ``schema/``; raises InvalidSchema for a missing or invalid one."""
    try:
        return json.loads(_content(files, path))
    except json.JSONDecodeError as error:
        place = f"{path}:{error.lineno}:{error.colno}"
        raise InvalidSchema(f"{place}: invalid JSON: {error.msg}") from None
    except UnicodeDecodeError:
        raise InvalidSchema(f"{path}: not UTF-8") from None
    except RecursionError:
        raise InvalidSchema(f"{path}: nested too deep") from None
    except ValueError:  # Python converts no number of more than some thousand digits
        raise InvalidSchema(f"{path}: contains a number that is too long") from None


def _content(files: Mapping[str, bytes], path: str) -> bytes:
    try:
        return files[path]
    except KeyError:
        raise InvalidSchema(f"{path} is missing", hint=_how_to_restore(files, path)) from None
    except OSError as error:
        raise InvalidSchema(f"{path} cannot be read: {error.strerror or error}") from None


def _how_to_restore(files: Mapping[str, bytes], path: str) -> str:
    if not isinstance(files, Tree):
        return ""
    from healthcoop.files import git

    return git.how_to_restore(files.root, path)


def _entries(files: Mapping[str, bytes], kind: str, path: str) -> list[dict[str, Any]]:
    data = read_json(files, path) if path.endswith(".json") else read_yaml(files, path)
    entries = data.get(kind) if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise InvalidSchema(f"{path}: expected a list named “{kind}”")
    _raise_first(files, kind, _entry_problems(kind, entries))
    return entries


def _raise_first(files: Mapping[str, bytes], kind: str, problems: Iterable[_EntryProblem]) -> None:
    for problem in problems:
        # JSON is valid YAML, as far as positions are concerned.
        span = Positions(_content(files, PATHS[kind])).key((kind, *problem.pointer))
        place = f"{PATHS[kind]}:{span.line}:{span.column}"
        raise InvalidSchema(f"{place}: {problem.message}", hint=problem.hint)


def _entry_problems(kind: str, entries: list[Any]) -> Iterator[_EntryProblem]:
    """Yield what is wrong with each entry of a vocabulary by itself, and duplicate codes."""
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        code = entry.get("code") if isinstance(entry, dict) else None
        if not isinstance(code, str) or not code:
            yield _EntryProblem((number,), f"entry {number + 1} of “{kind}” has no code")
            continue
        label = entry.get("label", entry.get("name"))
        if not isinstance(label, str) or not label:
            yield _EntryProblem((number,), f"“{code}” has no label")
        if code in seen:
            yield _EntryProblem((number, "code"), f"duplicate code “{code}”")
        seen.add(code)
        yield from _field_problems(entry, _FIELDS[kind], (number,), f"“{code}”")
        if not _CODE_FORM.fullmatch(code):
            message = f"the code “{code[:_SHOWN]}” is not valid"
            hint = (
                f"Use up to {_LONGEST_CODE} letters from A to Z, digits, hyphens and underscores."
            )
            yield _EntryProblem((number, "code"), message, hint)
        known = _KINDS.get(kind)
        value = entry.get("kind")
        if known and value not in known and (value or kind == "types"):
            message = f"the kind of “{code}” is not one of {', '.join(known)}"
            yield _EntryProblem((number, "kind"), message)


def _unknown_codes(kind: str, vocabularies: _Entries) -> Iterator[_EntryProblem]:
    """Yield the codes in a vocabulary's entries that do not exist."""
    codes = {name: {entry["code"] for entry in entries} for name, entries in vocabularies.items()}
    for number, entry in enumerate(vocabularies[kind]):
        for pointer, shape, code in _references(entry, _FIELDS[kind], (number,)):
            other = _VOCABULARY_OF.get(shape, kind)
            if code not in codes[other]:
                near = get_close_matches(code, codes[other], n=1)
                hint = f"Did you mean “{near[0]}”?" if near else ""
                message = f"“{entry['code']}” refers to “{code}”, which is not in {other}"
                yield _EntryProblem(pointer, message, hint)


def _endless_chains(kind: str, entries: list[dict[str, Any]]) -> Iterator[_EntryProblem]:
    """Yield the entry from which codes lead in a circle, or over too many others."""
    fields = [key for key, shape in _FIELDS[kind].items() if shape in (_CODE, _CODES)]
    numbers = {entry["code"]: number for number, entry in enumerate(entries)}
    further: dict[str, list[str]] = {}
    for entry in entries:
        for codes in filter(None, map(entry.get, fields)):
            one = further.setdefault(entry["code"], [])
            one.extend([codes] if isinstance(codes, str) else codes)
    try:
        order = [*TopologicalSorter(further).static_order()]
    except CycleError as error:
        circle = " → ".join(error.args[1][::-1][:_LONGEST_CHAIN])
        hint = "An entry cannot lead back to itself: remove the wrong one of these codes."
        yield _EntryProblem((numbers[error.args[1][0]],), f"codes lead in a circle: {circle}", hint)
        return
    lengths: dict[str, int] = {}
    for code in order:
        lengths[code] = 1 + max(map(lengths.__getitem__, further.get(code, ())), default=0)
        if lengths[code] > _LONGEST_CHAIN:
            message = f"“{code}” leads over more than {_LONGEST_CHAIN} other entries"
            yield _EntryProblem((numbers[code],), message, "Shorten the chain of codes.")
            return


def _references(
    entry: Mapping[str, Any], fields: Mapping[str, str], at: Pointer
) -> Iterator[tuple[Pointer, str, str]]:
    """Yield the codes in an entry, with their places and the shapes of their fields."""
    for key, value in entry.items():
        shape, pointer = fields[key], (*at, key)
        if shape in (_CODE, _COUNTRY):
            yield pointer, shape, value
        elif shape in (_CODES, _COUNTRIES, _ORGANISATIONS):
            yield from (((*pointer, item), shape, code) for item, code in enumerate(value))
        elif shape == _SCOPE:
            yield from _references(value, _SCOPE_FIELDS, pointer)
        elif shape in _ITEMS:
            for number, item in enumerate(value):
                yield from _references(item, _ITEMS[shape], (*pointer, number))


def _scope_problems(scope: Mapping[str, Any], at: Pointer, owner: str) -> Iterator[_EntryProblem]:
    """Yield what is wrong with the scope of a collection."""
    problems = [*_field_problems(scope, _SCOPE_FIELDS, at, owner)]
    yield from problems
    if "complete" not in scope:
        hint = "Write complete: false, unless everything in the scope is in the collection."
        yield _EntryProblem(at, f"{owner} does not say whether it is complete", hint)
    elif scope["complete"] is True:
        for key in ("from", "until"):
            if key not in scope:
                hint = "Write from when until when everything is in the collection."
                yield _EntryProblem(at, f"{owner} is complete, but has no {key}", hint)
    if not problems and "from" in scope and "until" in scope:
        first, last = parse(scope["from"]).earliest, parse(scope["until"]).latest
        if first and last and first > last:
            yield _EntryProblem((*at, "until"), f"{owner} ends before it begins")


def _field_problems(
    entry: Mapping[str, Any], fields: Mapping[str, str], at: Pointer, owner: str
) -> Iterator[_EntryProblem]:
    for key, value in entry.items():
        pointer = (*at, key)
        shape = fields.get(key)
        if shape is None:
            near = get_close_matches(key, fields, n=1)
            hint = f"Did you mean “{near[0]}”?" if near else f"Its fields are {', '.join(fields)}."
            yield _EntryProblem(pointer, f"“{key}” is not a field of {owner}", hint)
        elif not _has_shape(value, shape):
            yield _EntryProblem(pointer, f"“{key}” of {owner} is not {shape}")
        elif unsafe := _unsafe(value):
            yield _EntryProblem(pointer, f"“{key}” of {owner} contains {unsafe}", "Remove it.")
        elif key not in _PROSE and any(len(text) > _LONGEST_NAME for text in _texts(value)):
            message = f"“{key}” of {owner} has more than {_LONGEST_NAME} characters"
            yield _EntryProblem(pointer, message)
        elif shape == _DATE:
            try:
                parse(value)
            except DateError as error:
                message = f"“{key}” of {owner}: {error.message.removesuffix('.')}"
                yield _EntryProblem(pointer, message, error.hint)
        elif shape == _SCOPE:
            yield from _scope_problems(value, pointer, f"the scope of {owner}")
        elif item_fields := _ITEMS.get(shape):
            required = next(iter(item_fields))
            for number, item in enumerate(value):
                item_owner = f"{_SINGULAR[shape]} {number + 1} of {owner}"
                yield from _field_problems(item, item_fields, (*pointer, number), item_owner)
                if required not in item:
                    yield _EntryProblem((*pointer, number), f"{item_owner} has no {required}")


def _has_shape(value: Any, shape: str) -> bool:
    if shape in _ITEMS:
        return isinstance(value, list) and all(isinstance(item, dict) for item in value)
    if shape == _SCOPE:
        return isinstance(value, dict)
    if shape == _FLAG:
        return isinstance(value, bool)
    if shape == _EVENT_KINDS:
        return isinstance(value, list) and all(item in EVENT_KINDS for item in value)
    if shape in (_TEXTS, _CODES, _COUNTRIES, _ORGANISATIONS):
        return isinstance(value, list) and all(map(_is_text, value))
    return _is_text(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _texts(value: Any) -> list[str]:
    """Return a text, or the texts of a list, but not those that have fields of their own."""
    return [text for text in (value if isinstance(value, list) else [value]) if _is_text(text)]


def _unsafe(value: Any) -> str:
    """Return what terminals, logs and searches cannot bear in a text or texts, in words."""
    for text in _texts(value):
        if hidden := HIDDEN.search(text):
            return f"the invisible character U+{ord(hidden.group()):04X}"
        if not text.isascii() and reader.excess_mark(text) is not None:
            return f"more than {reader.MAX_MARKS} combining marks in a row"
    return ""
