"""The JSON Schema of a record, generated from the table of fields and a data set's vocabularies.

``record_schema(vocabulary)`` returns the schema, JSON Schema draft 7, as plain data;
``render(schema)`` returns the text of ``schema/record.schema.json``. The file in a data
set is never used: it is compared with this. Only commands that validate import this module.
"""

import json
from collections.abc import Mapping
from typing import Any

from healthcoop.model import FORMAT_VERSION, spec
from healthcoop.model.field import CODES, Field
from healthcoop.model.vocabulary import Term, Vocabulary

Schema = dict[str, Any]


def record_schema(vocabulary: Vocabulary) -> Schema:
    """Return the schema of a record whose codes are those of a data set's vocabularies."""
    required = [field.name for field in spec.fields_of("") if field.required]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"urn:healthcoop:schema:record/{FORMAT_VERSION}",
        "title": f"A record of health cooperation, version {FORMAT_VERSION}",
        "description": "One event: a signed instrument (a memorandum, an agreement, a plan ...) or"
        " an encounter (a meeting, a visit, a call ...) between countries, or between a country and"
        " a body such as WHO.",
        "type": "object",
        "properties": _properties(""),
        "additionalProperties": False,
        "if": {"required": ["withdrawn"]},
        "then": {"required": ["id"]},
        "else": {"required": required},
        "definitions": {name: _codes(field, vocabulary) for name, field in CODES.items()},
    }


def render(schema: Mapping[str, Any]) -> str:
    """Return the text of the schema's file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _properties(part: str) -> Schema:
    return {field.name: _schema(field, field.path) for field in spec.fields_of(part)}


def _schema(field: Field, path: str) -> Schema:
    """Return the schema of a field's value; ``path`` is the part's whose fields a mapping has."""
    if field.kind == "code":
        return {"$ref": f"#/definitions/{field.code}"}
    schema: Schema = {"title": field.title, "description": field.doc}
    match field.kind:
        case "flag":
            schema["type"] = "boolean"
        case "part":
            schema |= _mapping(field, path)
        case "says":
            text = {"type": "string", "minLength": field.least, "maxLength": field.most}
            schema |= {"type": "object", "minProperties": 1, "additionalProperties": text}
        case "list" if field.item:
            schema |= {"type": "array", "items": _schema(field.item, path), "minItems": 1}
            if field.unique:
                schema["uniqueItems"] = True
        case _:
            schema |= _text(field)
    if field.examples:
        schema["examples"] = list(field.examples)
    return schema


def _text(field: Field) -> Schema:
    schema: Schema = {"type": "string"}
    if field.choices:
        schema["enum"] = list(field.choices)
        schema["enumDescriptions"] = list(field.choices.values())
    if field.pattern:
        schema |= {"pattern": field.pattern, "patternErrorMessage": field.pattern_message}
    if field.least is not None:
        schema["minLength"] = field.least
    if field.most is not None:
        schema["maxLength"] = field.most
    return schema


def _mapping(field: Field, path: str) -> Schema:
    schema: Schema = {
        "type": "object",
        "properties": _properties(path),
        "additionalProperties": False,
    }
    if required := [inner.name for inner in spec.fields_of(path) if inner.required]:
        schema["required"] = required
    if field.some:
        schema["minProperties"] = 1
    return schema


def _codes(field: Field, vocabulary: Vocabulary) -> Schema:
    terms = vocabulary.terms(field.vocabulary)
    return {
        "title": field.title,
        "description": field.doc,
        "type": "string",
        "enum": list(terms),
        "examples": list(field.examples),
        "enumDescriptions": [_describe(term) for term in terms.values()],
    }


def _describe(term: Term) -> str:
    return f"{term.label}: {term.definition}" if term.definition else term.label
