"""The schema's findings: every keyword in sentences, two validators of one mind, broken schemas."""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.checks.engine import CheckContext
from healthcoop.checks.schema import MAX_PROBLEMS, RecordSchema
from healthcoop.checks.schema_messages import _EXPLAIN
from healthcoop.dataset import Dataset
from healthcoop.errors import InvalidSchema
from healthcoop.files import reader

ROOT = Path(__file__).parents[2]
RECORDS = [
    data
    for path in sorted((ROOT / "records").rglob("*.yaml"))
    if (data := reader.parse(path.read_bytes()).data)
]
DATASET = Dataset(ROOT)
SCHEMA = RecordSchema(DATASET.schema, DATASET.vocabulary)

# Keywords that say nothing of a value by themselves, or whose parts are judged one by one.
STRUCTURE = {
    *("$schema", "$id", "$ref", "title", "description", "examples", "definitions"),
    *("patternErrorMessage", "enumDescriptions", "properties", "items", "if", "then", "else"),
}


def _keywords(part: Any) -> set[str]:
    if isinstance(part, list):
        return {word for item in part for word in _keywords(item)}
    if not isinstance(part, dict):
        return set()
    words = set(part)
    for key, value in part.items():
        if key in ("properties", "definitions"):
            words |= {word for inner in value.values() for word in _keywords(inner)}
        elif key not in ("examples", "enum", "required"):
            words |= _keywords(value)
    return words


def test_every_keyword_of_the_schema_has_its_sentence() -> None:
    """A new keyword would otherwise be told in general words."""
    assert _keywords(DATASET.schema) - STRUCTURE <= set(_EXPLAIN)


def test_a_keyword_without_a_sentence_is_still_told_in_our_words() -> None:
    """A data set may bring a schema of its own."""
    schema = copy.deepcopy(DATASET.schema)
    schema["properties"]["title"]["not"] = {"pattern": "[.]$"}
    found = RecordSchema(schema, DATASET.vocabulary).problems(
        {**RECORDS[0], "title": "A sentence with a full stop."}
    )
    ((code, problem),) = found
    assert code == "HC209"
    assert problem.message == "“title” does not keep to “not” of the schema."


ODD = st.one_of(
    st.booleans(),
    st.text(max_size=12),
    st.sampled_from(
        [
            "2022-10-07",
            "2022-a\n",
            "AZ\n",
            "XY",
            "mou",
            "P5Y\n",
            "P",
            "x" * 200,
            "http://x\n",
            "Q1\n",
        ]
    ),
    st.lists(st.one_of(st.text(max_size=3), st.booleans()), max_size=3),
    st.dictionaries(st.sampled_from(["country", "url", "x"]), st.text(max_size=3), max_size=2),
)


def _places(data: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data)
    found: list[tuple[str | int, ...]] = []
    for key, value in items:
        found.append((*at, key))
        if isinstance(value, dict | list):
            found += _places(value, (*at, key))
    return found


@given(st.data())
def test_the_fast_validator_and_the_explaining_one_agree(data: st.DataObject) -> None:
    """What one lets pass the other has nothing to say of, and the reverse."""
    record = copy.deepcopy(data.draw(st.sampled_from(RECORDS)))
    for _ in range(data.draw(st.integers(1, 2))):
        *way, last = data.draw(st.sampled_from(_places(record)))
        around: Any = record
        for part in way:
            around = around[part]
        change = data.draw(st.sampled_from(["set", "drop", "add", "double"]))
        if change == "set":
            around[last] = data.draw(ODD)
        elif change == "drop":
            del around[last]
        elif isinstance(around, dict):
            around[data.draw(st.sampled_from(["tpye", "notes", "withdrawn", "id"]))] = "x"
        else:
            around.append(around[last] if change == "double" else data.draw(ODD))
        if not record:
            break
    problems = list(SCHEMA.explained(record))
    assert SCHEMA.is_valid(record) == (not problems), problems


def test_a_line_break_at_the_end_is_not_overlooked() -> None:
    r"""A ``$`` would match before it."""
    found = SCHEMA.problems({**RECORDS[0], "id": f"{RECORDS[0]['id']}\n"})
    assert [code for code, _ in found] == ["HC205"]


def test_a_record_of_nothing_but_faults_is_told_a_hundred_of_them(context: CheckContext) -> None:
    """A flood helps nobody, and each nearest match takes its time."""
    topics = [f"x{number}" for number in range(5000)]
    assert len(SCHEMA.problems({**RECORDS[0], "topics": topics})) == MAX_PROBLEMS
    assert len(SCHEMA.problems({**RECORDS[0], "topics": topics[:1] * 5000})) == MAX_PROBLEMS


def test_a_misspelt_field_is_not_missing_too() -> None:
    """One slip, one finding."""
    record = {key: value for key, value in RECORDS[0].items() if key != "type"}
    found = SCHEMA.problems({**record, "tpye": RECORDS[0]["type"]})
    assert [(code, problem.hint) for code, problem in found] == [("HC201", "Did you mean “type”?")]


@pytest.mark.parametrize(
    ("field", "value", "hint"),
    [
        ("topics", ["vaccins"], "vaccines"),
        ("parties", [{"country": "Azerbaijan"}], "Write “AZ”."),
        ("parties", [{"country": "AZE"}], "Write “AZ”."),
        (
            "parties",
            [{"country": "WHO"}],
            "World Health Organization goes under “organisation: WHO”.",
        ),
        ("parties", [{"organisation": "AZ"}], "Azerbaijan goes under “country: AZ”."),
        ("type", "memorandum of understanding", "Write “mou”."),
    ],
)
def test_an_unknown_code_is_answered_with_the_one_that_was_meant(
    field: str, value: Any, hint: str
) -> None:
    """A name, a code of another list, a slip of the pen."""
    (*_, (code, problem)) = SCHEMA.problems({**RECORDS[0], field: value})
    assert code == "HC204"
    assert hint in problem.hint


def test_no_edit_is_offered_where_the_nearest_code_is_a_guess() -> None:
    """Beside “KS” the list has KW, SA by its other name, and a dozen more."""
    (*_, (_, problem)) = SCHEMA.problems({**RECORDS[0], "parties": [{"country": "KS"}]})
    assert problem.edits == ()


def test_a_forgotten_comma_between_codes_is_told_as_such() -> None:
    """One of the two as the nearest would drop the other."""
    ((_, problem),) = SCHEMA.problems({**RECORDS[0], "topics": ["covid-19 vaccines"]})
    assert problem.hint == "Write a comma between “covid-19” and “vaccines”."
    assert problem.edits == ()


@pytest.mark.parametrize(
    ("field", "value", "message", "example"),
    [
        ("parties", "AZ", "A party is text “AZ”", "country: "),
        ("sources", "https://example.org", "A source is text “https://example.org”", "url: "),
    ],
)
def test_an_item_without_fields_is_shown_its_first_one(
    field: str, value: str, message: str, example: str
) -> None:
    """“A mapping is wanted” tells nothing to who has never written one."""
    found = [problem for code, problem in SCHEMA.problems({**RECORDS[0], field: [value]})]
    assert message in found[0].message
    assert found[0].hint.startswith(f"For example: {example}")


@pytest.mark.parametrize("length", [500, 100_000])
def test_a_message_does_not_repeat_a_whole_page(length: int) -> None:
    """Codes, forms and names of fields are cut."""
    long = "x" * length
    spoilt = {**RECORDS[0], "type": long, "text_url": long, long: "x", "topics": [long, long]}
    for _, problem in SCHEMA.problems(spoilt):
        assert len(problem.message) < 200


def _changed(**changes: Any) -> dict[str, Any]:
    return {**DATASET.schema, **changes}


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ([], "has no “\\$id” that ends in record/1"),
        (_changed(**{"$id": "urn:x"}), "has no “\\$id” that ends in record/1"),
        (_changed(**{"$id": "urn:healthcoop:schema:record/2"}), "has records of version 2"),
        (_changed(definitions={}), "has no definition “country”"),
        (_changed(type="objekt"), "not a JSON Schema of draft 7, at type"),
        (_changed(properties={"id": {"pattern": "("}}), "not a JSON Schema of draft 7, at"),
        (_changed(properties={"id": {"$ref": "#/definitions/x"}}), "has no definition “x”"),
        (_changed(properties=[]), "not a JSON Schema of draft 7, at properties"),
        (_changed(definitions=[]), "record.schema.json"),
    ],
)
def test_a_broken_schema_is_the_tool_s_failure_in_words(schema: Any, said: str) -> None:
    """Records cannot be judged by it, and no record is to blame."""
    with pytest.raises(InvalidSchema, match=said):
        RecordSchema(schema, DATASET.vocabulary)
