"""The JSON Schema Test Suite: both validators say what the suite says, and why in sentences."""

import json
from pathlib import Path
from typing import Any

import pytest

from healthcoop.checks.schema import RecordSchema
from healthcoop.dataset import Dataset
from healthcoop.errors import InvalidSchema

ROOT = Path(__file__).parents[2]
SUITE = ROOT / "tests" / "data" / "json-schema-test-suite"
DATASET = Dataset(ROOT)
OUR_KEYWORDS = {
    *("type", "properties", "required", "additionalProperties", "pattern", "enum", "items"),
    *("minLength", "maxLength", "minItems", "minProperties", "uniqueItems", "if-then-else"),
}

# Patterns that Python's `re` does not know: a schema with one is refused, never misread.
REFUSED = {
    "ECMA 262 regex escapes control codes with \\c and upper letter",
    "ECMA 262 regex escapes control codes with \\c and lower letter",
    "patterns always use unicode semantics with pattern",
    "pattern with non-ASCII digits",
    "patterns always use unicode semantics with patternProperties",
    "patternProperties with non-ASCII digits",
}


GROUPS: dict[str, dict[str, Any]] = {
    f"{path.stem}: {group['description']}": group
    for path in sorted(SUITE.glob("*.json"))
    for group in json.loads(path.read_bytes())
}


def of_a_field(schema: Any) -> RecordSchema:
    """Make a schema of records whose field “value” is judged by the one given."""
    own = schema.get("definitions", {}) if isinstance(schema, dict) else {}
    return RecordSchema(
        {
            "$schema": DATASET.schema["$schema"],
            "$id": DATASET.schema["$id"],
            "definitions": {**DATASET.schema["definitions"], **own},
            "properties": {"value": schema},
        },
        DATASET.vocabulary,
    )


def test_the_suite_has_a_file_for_each_keyword_of_ours() -> None:
    """What the record schema says of values is held against the standard's own examples."""
    told = {path.stem for path in SUITE.glob("*.json")}
    assert told == OUR_KEYWORDS | {"ecmascript-regex", "non-bmp-regex"}
    assert sum(len(group["tests"]) for group in GROUPS.values()) > 400


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_both_validators_say_what_the_suite_says(group: dict[str, Any]) -> None:
    """And what is wrong is told in a sentence with a code, also of shapes no record has."""
    if group["description"] in REFUSED:
        with pytest.raises(
            InvalidSchema, match="not a JSON Schema of draft 7, at properties/value"
        ):
            of_a_field(group["schema"])
        return
    schema = of_a_field(group["schema"])
    for case in group["tests"]:
        record = {"value": case["data"]}
        assert schema.is_valid(record) == case["valid"], case["description"]
        found = list(schema.explained(record))
        assert bool(found) != case["valid"], case["description"]
        for code, problem in found:
            assert code.startswith("HC2")
            assert problem.message.endswith((".", ".”"))


TRAPS = [
    # The last line break is part of the text; Python's "$" would match before it.
    ({"pattern": "^a$"}, "a\n", False),
    ({"pattern": "^a$|^b$"}, "a\n", False),
    ({"pattern": "^[$]a$"}, "$a", True),
    ({"pattern": r"^\$$"}, "$", True),
    ({"pattern": r"^\d+$"}, "٣", False),
    ({"pattern": r"^[\d]+$"}, "𝟛", False),
    ({"pattern": r"^\w+$"}, "é", False),
    ({"pattern": r"^\s$"}, "\u00a0", True),
    ({"pattern": r"^[\s]$"}, "\ufeff", True),
    # True is no 1, "true" no True.
    ({"uniqueItems": True}, [True, "true"], True),
    ({"uniqueItems": True}, [True, 1], True),
    ({"uniqueItems": True}, [{"a": "1", "b": "2"}, {"b": "2", "a": "1"}], False),
    ({"uniqueItems": True}, [["a"], ["a"]], False),
    ({"enum": [True]}, 1, False),
    ({"const": "a"}, "b", False),
    # A character is one, whatever it takes in UTF-16.
    ({"maxLength": 2}, "😀😀", True),
    ({"minLength": 2}, "😀", False),
    ({"type": "integer"}, 1.0, True),
    ({"type": "integer"}, True, False),
    # A format is a remark.
    ({"format": "date"}, "no date", True),
    ({"format": "uri"}, "no address", True),
]


@pytest.mark.parametrize(("schema", "value", "valid"), TRAPS)
def test_the_known_traps_catch_neither_validator(schema: Any, value: Any, valid: bool) -> None:
    """What Python, ECMA 262 and the standard see differently."""
    context = of_a_field(schema)
    assert context.is_valid({"value": value}) == valid
    assert bool(list(context.explained({"value": value}))) != valid
