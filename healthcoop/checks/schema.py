"""The JSON Schema of a record: what it finds, in sentences, and its code lists."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import jsonschema

from healthcoop.checks.findings import Problem
from healthcoop.checks.sentences import Breach, explain
from healthcoop.errors import BrokenSchema
from healthcoop.model.vocabulary import Term, Vocabulary

PATH = "schema/record.schema.json"
VERSION = 1
"""The version of the record format that this tool reads and writes."""

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
    """The schema of a data set, ready to judge records."""

    def __init__(self, schema: Any, vocabulary: Vocabulary) -> None:
        """Take the parsed schema file; its code lists are the vocabulary's, whatever it says.

        Raises BrokenSchema where it is no JSON Schema, or of a version this tool does not know.
        """
        _check_version(schema)
        self._vocabulary = vocabulary
        try:
            filled = with_codes(schema, vocabulary)
            jsonschema.Draft7Validator.check_schema(filled)
            self._validator = _Validator(_inline(filled, filled["definitions"]))
        except jsonschema.SchemaError as error:
            place = "/".join(map(str, error.absolute_path)) or "its root"
            raise BrokenSchema(f"{PATH} is not a JSON Schema of draft 7, at {place}") from None
        except KeyError as error:
            raise BrokenSchema(f"{PATH} has no definition {error}") from None

    def problems(self, data: Mapping[str, Any]) -> list[tuple[str, Problem]]:
        """Give the code and problem of what the schema does not allow, the first ``SHOWN``."""
        return list(islice(self._problems(data), SHOWN))

    def _problems(self, data: Mapping[str, Any]) -> Iterator[tuple[str, Problem]]:
        for error in self._validator.iter_errors(data):
            at = tuple(error.absolute_path)
            breach = Breach(
                keyword=str(error.validator),
                wanted=error.validator_value,
                value=error.instance,
                schema=error.schema if at else self._validator.schema,
                at=at,
                said=error.message,
            )
            yield from explain(breach, self._vocabulary)


def _codes(_validator: Any, codes: frozenset[str], value: Any, _schema: Any) -> Iterator[Any]:
    if isinstance(value, str) and value not in codes:
        yield jsonschema.ValidationError("not one of the codes")


# "enum" looks through 320 country codes one after another; a set of them has a keyword of its own.
_Validator = jsonschema.validators.extend(  # type: ignore[no-untyped-call] # it has no types
    jsonschema.Draft7Validator, {"codes": _codes}
)


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


def _check_version(schema: Any) -> None:
    identity = schema.get("$id") if isinstance(schema, dict) else None
    version = str(identity).rpartition("record/")[2]
    if not version.isdecimal():
        raise BrokenSchema(f"{PATH} has no “$id” that ends in record/{VERSION}")
    if int(version) > VERSION:
        raise BrokenSchema(
            f"this data set has records of version {version}; this tool knows version {VERSION}",
            hint="Upgrade healthcoop.",
        )


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
            codes = frozenset(definition.pop("enum"))
            definition |= {"vocabulary": CODE_LISTS[name], "codes": codes}
        return definition
    return {key: _inline(value, definitions) for key, value in part.items() if key != "definitions"}
