"""The JSON Schema of a record: what it finds, in sentences, and its code lists."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any

import fastjsonschema
import jsonschema

from healthcoop.checks.findings import Problem
from healthcoop.checks.sentences import Breach, explain
from healthcoop.errors import BrokenSchema
from healthcoop.model.vocabulary import Term, Vocabulary
from healthcoop.text.record_format import PATH, check_version

SHOWN = 100
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
    """The schema of a data set, ready to judge records.

    A compiled validator says of most records that they are valid, in a twentieth of the time that
    jsonschema takes; jsonschema is asked what is wrong with the others.
    """

    def __init__(self, schema: Any, vocabulary: Vocabulary) -> None:
        """Take the parsed schema file; its code lists are the vocabulary's, whatever it says.

        Raises BrokenSchema where it is no JSON Schema, or of a version this tool does not know.
        """
        check_version(schema)
        self._vocabulary = vocabulary
        codes = {_code_of(kind): frozenset(vocabulary.terms(kind)) for kind in CODE_LISTS.values()}
        try:
            filled = with_codes(schema, vocabulary)
            jsonschema.Draft7Validator.check_schema(filled)
            self._schema = _inline(filled, filled["definitions"])
            self._require_valid = fastjsonschema.compile(
                self._schema,
                formats={name: allowed.__contains__ for name, allowed in codes.items()},
                use_default=False,
                detailed_exceptions=False,
            )
        except jsonschema.SchemaError as error:
            place = "/".join(map(str, error.absolute_path)) or "its root"
            raise BrokenSchema(f"{PATH} is not a JSON Schema of draft 7, at {place}") from None
        except fastjsonschema.JsonSchemaDefinitionException as error:
            raise BrokenSchema(f"{PATH} cannot be used: {error}") from None
        except KeyError as error:
            raise BrokenSchema(f"{PATH} has no definition {error}") from None
        self._validator = jsonschema.Draft7Validator(
            self._schema, format_checker=_format_checker(codes)
        )

    def is_valid(self, data: Mapping[str, Any]) -> bool:
        """Say, fast, whether a record is as the schema wants it."""
        try:
            self._require_valid(data)
        except fastjsonschema.JsonSchemaValueException:
            return False
        return True

    def problems(self, data: Mapping[str, Any]) -> list[tuple[str, Problem]]:
        """Give the code and problem of what the schema does not allow, the first ``SHOWN``."""
        if self.is_valid(data):
            return []
        found = list(islice(self.explained(data), SHOWN))
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


def _code_of(kind: str) -> str:
    return f"code-of-{kind}"


def _format_checker(codes: Mapping[str, frozenset[str]]) -> jsonschema.FormatChecker:
    checker = jsonschema.FormatChecker(formats=())
    for name, allowed in codes.items():
        checker.checks(name)(partial(_is_code, allowed))
    return checker


def _is_code(allowed: frozenset[str], value: object) -> bool:
    return not isinstance(value, str) or value in allowed


def with_codes(schema: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """Give the schema with the codes and labels of the vocabularies in its code lists."""
    definitions = dict(schema["definitions"])
    for name, kind in CODE_LISTS.items():
        terms = vocabulary.terms(kind)
        definitions[name] = {
            **definitions[name],
            "enum": list(terms),
            "enumDescriptions": [_describe_term(term) for term in terms.values()],
        }
    return {**schema, "definitions": definitions}


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
        name = part["$ref"].rpartition("/")[2]
        definition = dict(_inline(definitions[name], definitions))
        if name in CODE_LISTS:
            # Validators look through an "enum" one code after another; as a format it is a set.
            del definition["enum"]
            kind = CODE_LISTS[name]
            definition |= {"vocabulary": kind, "format": _code_of(kind)}
        return definition
    inlined = {
        key: _inline(value, definitions) for key, value in part.items() if key != "definitions"
    }
    pattern = inlined.get("pattern")
    if isinstance(pattern, str) and pattern.endswith("$"):
        # The standard's "$" is the end of the text; Python's is also the place before a last "\n".
        inlined["pattern"] = pattern[:-1] + r"\Z"
    return inlined
