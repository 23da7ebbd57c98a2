"""The JSON Schema of a record: what it finds, in sentences, and its code lists."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Any

import fastjsonschema

from healthcoop.checks.findings import Problem
from healthcoop.checks.schema_messages import Breach, explain
from healthcoop.errors import InvalidSchema
from healthcoop.files.record_format import PATH, check_version
from healthcoop.model.vocabulary import Term, Vocabulary

MAX_PROBLEMS = 100
"""A record with more problems than this is told no more of them."""

CODE_LISTS: Mapping[str, str] = {
    "country": "countries",
    "organisation": "organisations",
    "topic": "topics",
    "type": "types",
    "collection": "collections",
}
"""The definitions of the schema whose codes come from a vocabulary, and which."""


class RecordSchema:
    """The schema of a data set, ready to context records.

    A compiled validator says of most records that they are valid, in a twentieth of the time that
    jsonschema takes; jsonschema is asked what is wrong with the others.
    """

    def __init__(self, schema: Any, vocabulary: Vocabulary) -> None:
        """Take the parsed schema file; its code lists are the vocabulary's, whatever it says.

        Raises InvalidSchema where it is no JSON Schema, or of a version this tool does not know.
        """
        check_version(schema)
        self._vocabulary = vocabulary
        codes = {_code_of(kind): frozenset(vocabulary.terms(kind)) for kind in CODE_LISTS.values()}
        self._codes = codes
        try:
            _check_schema(schema)
            filled = with_codes(schema, vocabulary)
            self._schema = _inline(filled, filled["definitions"])
            self._require_valid = fastjsonschema.compile(
                self._schema,
                formats={name: allowed.__contains__ for name, allowed in codes.items()},
                use_default=False,
                detailed_exceptions=False,
            )
        except fastjsonschema.JsonSchemaValueException as error:
            place = "/".join(map(str, error.path[1:])) or "its root"
            raise InvalidSchema(f"{PATH} is not a JSON Schema of draft 7, at {place}") from None
        except fastjsonschema.JsonSchemaDefinitionException as error:
            raise InvalidSchema(f"{PATH} cannot be used: {error}") from None
        except RecursionError:
            why = "a definition refers to itself, or it is nested too deep"
            raise InvalidSchema(f"{PATH} cannot be used: {why}") from None

    @cached_property
    def _validator(self) -> Any:
        """What explains; its import costs more than a thousand records, so few runs need it."""
        import jsonschema

        checker = jsonschema.FormatChecker(formats=())
        for name, allowed in self._codes.items():
            checker.checks(name)(partial(_is_code, allowed))
        return jsonschema.Draft7Validator(self._schema, format_checker=checker)

    def is_valid(self, data: Mapping[str, Any]) -> bool:
        """Say, fast, whether a record is as the schema wants it."""
        try:
            self._require_valid(data)
        except fastjsonschema.JsonSchemaValueException:
            return False
        return True

    def problems(self, data: Mapping[str, Any]) -> list[tuple[str, Problem]]:
        """Return code and problem of each schema violation, up to ``MAX_PROBLEMS``."""
        if self.is_valid(data):
            return []
        found = list(islice(self.explained(data), MAX_PROBLEMS))
        return found or [("HC299", _DISAGREEMENT)]

    def explained(self, data: Mapping[str, Any]) -> Iterator[tuple[str, Problem]]:
        """Give what jsonschema finds wrong, in our sentences."""
        for error in self._validator.iter_errors(data):
            at = tuple(error.absolute_path)
            breach = Breach(
                keyword=str(error.validator),
                wanted=error.validator_value,
                value=error.instance,
                schema=error.schema if at else self._schema,
                at=at,
                said=error.message,
            )
            yield from explain(breach, self._vocabulary)


_DISAGREEMENT = Problem(
    message="One schema validator refuses this record, and the other finds nothing wrong.",
    hint="This is a fault of healthcoop: please report it with the file.",
)


def _check_schema(schema: Any) -> None:
    """Hold a schema against the draft's own, with the validator that is at hand anyway."""
    draft = json.loads(Path(__file__).with_name("draft-07.json").read_bytes())
    fastjsonschema.compile(draft, use_default=False)(schema)


def _code_of(kind: str) -> str:
    return f"code-of-{kind}"


def _is_code(allowed: frozenset[str], value: object) -> bool:
    return not isinstance(value, str) or value in allowed


def with_codes(schema: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """Give the schema with the codes and labels of the vocabularies in its code lists."""
    definitions = dict(schema.get("definitions", {}))
    for name, kind in CODE_LISTS.items():
        terms = vocabulary.terms(kind)
        definitions[name] = {
            **_definition(name, definitions),
            "enum": list(terms),
            "enumDescriptions": [_describe_term(term) for term in terms.values()],
        }
    return {**schema, "definitions": definitions}


def _definition(name: str, definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    definition = definitions.get(name)
    if not isinstance(definition, dict):
        raise InvalidSchema(f"{PATH} has no definition “{name}”")
    return definition


def render(schema: Mapping[str, Any]) -> str:
    """Write the schema as its file has it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _describe_term(term: Term) -> str:
    return f"{term.label}: {term.definition}" if term.definition else term.label


def _inline(part: Any, definitions: Mapping[str, Any]) -> Any:
    """Put definitions in the place of references: looking them up costs more than the check."""
    if isinstance(part, list):
        return [_inline(item, definitions) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _referred(part["$ref"], definitions)
    inlined: dict[str, Any] = {}
    for key, value in part.items():
        if key in _NAMED_PARTS:
            named = _NAMED_PARTS[key]
            inlined[key] = {named(name): _inline(item, definitions) for name, item in value.items()}
        elif key not in _DROPPED:
            inlined[key] = value if key in _VALUES else _inline(value, definitions)
    if "pattern" in inlined:
        inlined["pattern"] = _as_python(inlined["pattern"])
    if "const" in inlined:  # fastjsonschema stumbles over it
        inlined["enum"] = [inlined.pop("const")]
    return inlined


_VALUES = ("enum", "const", "examples", "default")
# A format is a remark in draft 7, which one of the two validators takes at its word.
_DROPPED = ("definitions", "format")


def _referred(reference: str, definitions: Mapping[str, Any]) -> dict[str, Any]:
    place, _, name = reference.rpartition("/")
    if place != "#/definitions":
        message = f"{PATH} refers to “{reference}”"
        raise InvalidSchema(message, hint="Write “#/definitions/” and a name that is there.")
    definition: dict[str, Any] = _inline(_definition(name, definitions), definitions)
    if name in CODE_LISTS:
        # Validators look through an "enum" one code after another; as a format it is a set.
        del definition["enum"]
        kind = CODE_LISTS[name]
        definition |= {"vocabulary": kind, "format": _code_of(kind)}
    return definition


_PIECE = re.compile(r"\\.|.", re.DOTALL)
_SPACE = r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
# fastjsonschema would take any "$" that is not escaped for the end.
_IN_CLASS = {r"\s": _SPACE, "$": r"\$"}
_OUTSIDE = {"$": r"\Z", r"\s": f"[{_SPACE}]", r"\S": f"[^{_SPACE}]"}


def _as_python(pattern: str) -> str:
    r"""Write a pattern of the standard (ECMA 262) as Python's ``re`` has it.

    There ``$`` is only the end of the text, ``\d`` and ``\w`` are of ASCII, and ``\s`` is not.
    """
    pieces = ["(?a)"]
    in_class = False
    for piece in _PIECE.findall(pattern):
        if in_class:
            pieces.append(_IN_CLASS.get(piece, piece))
            in_class = piece != "]"
        else:
            pieces.append(_OUTSIDE.get(piece, piece))
            in_class = piece == "["
    return "".join(pieces)


# The keywords that hold parts by name, and what the names are for Python.
_NAMED_PARTS: Mapping[str, Callable[[str], str]] = {
    "properties": str,
    "patternProperties": _as_python,
    "dependencies": str,
}
