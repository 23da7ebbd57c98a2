"""Schema violations in sentences, two validators that agree, and schema files that differ."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.checks import schema as schema_module
from healthcoop.checks import suggestions
from healthcoop.checks.findings import Finding
from healthcoop.checks.schema import HAS_FAST_VALIDATOR, MAX_PROBLEMS, RecordSchema, differences
from healthcoop.checks.schema_messages import _EXPLAIN, Violation, explain
from healthcoop.dataset import Dataset
from healthcoop.errors import InvalidSchema
from healthcoop.files import reader
from healthcoop.files.fixes import Rename, Replace
from healthcoop.files.location import SCHEMA_PATH
from healthcoop.files.vocabularies import read_schema
from healthcoop.model.json_schema import record_schema, render
from tests.cases import each

ROOT = Path(__file__).parents[2]
PATHS = sorted((ROOT / "records").rglob("*.yaml"))
DATASET = Dataset(ROOT)
SCHEMA = RecordSchema(DATASET.vocabulary)
GENERATED = record_schema(DATASET.vocabulary)


def parsed(path: Path) -> dict[str, Any]:
    data = reader.parse(path.read_bytes()).data
    assert data is not None
    return data


RECORD = parsed(PATHS[0])

# Keywords that no value can violate, or whose parts are checked one by one.
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


def test_every_keyword_of_the_schema_has_its_message() -> None:
    """A new keyword would otherwise have only the general message."""
    assert _keywords(GENERATED) - STRUCTURE <= set(_EXPLAIN)


def test_a_keyword_without_a_message_of_its_own_is_reported_by_its_name() -> None:
    """The library's message is not used."""
    violation = Violation(keyword="not", expected={}, value="x", schema={"not": {}}, at=("title",))
    ((code, problem),) = explain(violation, DATASET.vocabulary)
    assert code == "HC209"
    assert problem.message == "“title” violates “not” of the schema."


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
    """Each finds a violation if and only if the other does."""
    record = parsed(data.draw(st.sampled_from(PATHS)))
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
    assert HAS_FAST_VALIDATOR
    problems = list(SCHEMA.explained(record))
    assert SCHEMA.is_valid(record) == (not problems), problems


def test_patterns_mean_the_same_in_both_regular_expression_engines() -> None:
    r"""They are ASCII, anchored at both ends, without classes such as ``\d``."""
    patterns = [*_patterns(GENERATED)]
    assert len(patterns) > 10
    for pattern in patterns:
        assert pattern.isascii()
        assert pattern.startswith("^")
        assert pattern.endswith("$")
        assert not re.search(r"\\[a-zA-Z]|\(\?[<P]", pattern), pattern
        for text in ["", "x\n", "2022-a\n", "٢٠٢٢-a", "Q١", "pé", "p²", "AZN\u2028", "https://x"]:
            fast = jsonschema_rs.Draft7Validator({"pattern": pattern}).is_valid(text)
            assert fast == bool(re.search(pattern.removesuffix("$") + r"\Z", text)), (pattern, text)


def _patterns(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for item in part:
            yield from _patterns(item)
    elif isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            yield part["pattern"]
        yield from _patterns(list(part.values()))


def test_without_the_fast_validator_jsonschema_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser has no wheel of the fast validator."""
    monkeypatch.setattr(schema_module, "HAS_FAST_VALIDATOR", False)
    slow = RecordSchema(DATASET.vocabulary)
    assert slow.is_valid(RECORD)
    assert slow.problems(RECORD) == []
    invalid = {**RECORD, "type": "x"}
    assert not slow.is_valid(invalid)
    assert slow.problems(invalid) == SCHEMA.problems(invalid)


def test_a_line_break_at_the_end_is_a_violation() -> None:
    r"""A ``$`` would match before it."""
    found = SCHEMA.problems({**RECORD, "id": f"{RECORD['id']}\n"})
    assert [code for code, _ in found] == ["HC205"]


def test_at_most_a_hundred_problems_of_a_record_are_reported() -> None:
    """More help nobody, and searching for the nearest code takes time."""
    topics = [f"x{number}" for number in range(5000)]
    assert len(SCHEMA.problems({**RECORD, "topics": topics})) == MAX_PROBLEMS
    assert len(SCHEMA.problems({**RECORD, "topics": topics[:1] * 5000})) == MAX_PROBLEMS


def test_a_misspelt_field_is_not_missing_too() -> None:
    """One mistake has one finding."""
    record = {key: value for key, value in RECORD.items() if key != "type"}
    found = SCHEMA.problems({**record, "tpye": RECORD["type"]})
    assert [(code, problem.hint) for code, problem in found] == [("HC201", "Did you mean “type”?")]


@each(
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
def test_the_hint_on_an_unknown_code_names_the_one_meant(field: str, value: Any, hint: str) -> None:
    """A name, a code of another list, a misspelt code."""
    (*_, (code, problem)) = SCHEMA.problems({**RECORD, field: value})
    assert code == "HC204"
    assert hint in problem.hint


@each(("term", "edited"), [("Indefinite", "indefinite"), ("5 years", "P5Y"), ("p18m", "P18M")])
def test_an_almost_valid_term_has_an_edit(term: str, edited: str) -> None:
    """The words are written in lower case, the letters of a duration in upper case."""
    ((code, problem),) = SCHEMA.problems({**RECORD, "terms": {"term": term}})
    assert code == "HC205"
    assert problem.edits == (Replace(pointer=("terms", "term"), value=edited),)


def test_no_edit_is_offered_where_the_nearest_code_is_a_guess() -> None:
    """Beside “KS” the list has KW, SA by its other name, and a dozen more."""
    (*_, (_, problem)) = SCHEMA.problems({**RECORD, "parties": [{"country": "KS"}]})
    assert problem.edits == ()


@each(
    ("name", "candidates"),
    [
        ("Congo", "CG (Congo) or CD (DR Congo)"),
        ("Korea", "KR (South Korea) or KP (North Korea)"),
        ("Sudan", "SD (Sudan) or SS (South Sudan)"),
    ],
)
def test_no_edit_is_offered_for_a_name_that_several_countries_share(
    name: str, candidates: str
) -> None:
    """The vocabulary has one code for it; the source may mean the other country."""
    (*_, (_, problem)) = SCHEMA.problems({**RECORD, "parties": [{"country": name}]})
    assert problem.hint == f"Several countries have this name: write {candidates}."
    assert problem.edits == ()
    ((_, problem),) = SCHEMA.problems({**RECORD, "parties": f"{name} and Cuba"})
    assert problem.edits == ()


def test_a_missing_comma_between_codes_is_reported() -> None:
    """One of the two as the nearest would drop the other."""
    ((_, problem),) = SCHEMA.problems({**RECORD, "topics": ["covid-19 vaccines"]})
    assert problem.hint == "Write a comma between “covid-19” and “vaccines”."
    assert problem.edits == ()


@each(
    ("field", "value", "hint", "item"),
    [
        ("parties", "AZ", "beginning with “country: ”", {"country": "AZ"}),
        ("parties", "the Republic of Cuba", "“country: ”", {"country": "CU"}),
        ("parties", "UNICEF", "“country: ”", {"organisation": "UNICEF"}),
        ("parties", "Wonderland", "“country: ”", None),
        ("sources", "https://example.org/x", "“url: ”", {"url": "https://example.org/x"}),
        ("sources", "a page", "“url: ”", None),
        ("places", "Oslo", "“city: ”", {"city": "Oslo"}),
        ("places", "Havana, Cuba", "“city: ”", {"city": "Havana", "country": "CU"}),
        ("places", "Norway", "“city: ”", {"country": "NO"}),
        ("people", "Teymur Musayev", "“name: ”", None),
    ],
)
def test_an_item_without_fields_gets_them_where_they_are_clear(
    field: str, value: str, hint: str, item: dict[str, str] | None
) -> None:
    """“Expected a mapping” means nothing to somebody who has never written one."""
    (problem, *_) = [problem for _, problem in SCHEMA.problems({**RECORD, field: [value]})]
    assert f"{value}”" in problem.message
    assert hint in problem.hint
    assert problem.edits == ((Replace((field, 0), item),) if item else ())
    assert problem.example.startswith(f"{field}:") == (item is None)


def test_an_item_without_a_space_after_its_colon_is_reported_as_such() -> None:
    """It is text to YAML, but its author wrote a field."""
    (problem, *_) = [p for _, p in SCHEMA.problems({**RECORD, "parties": ["country:AZ"]})]
    assert "no space after the colon" in problem.message
    assert problem.hint == "Write “country: AZ”."
    lines = "country:AZ bodies:[Cabinet]"  # two lines, as YAML joins them
    (problem, *_) = [p for _, p in SCHEMA.problems({**RECORD, "parties": [lines]})]
    assert problem.hint == "Write a space after “country:”."


@each(
    ("change", "value"),
    [
        ({"id": "“2022-az-cu-visit”"}, "2022-az-cu-visit"),
        (
            {"sources": [{"url": "„https://example.org/x“", "kind": "agency"}]},
            "https://example.org/x",
        ),
    ],
)
def test_curly_quotation_marks_are_taken_off_a_value_of_fixed_form(
    change: dict[str, Any], value: str
) -> None:
    """YAML keeps them as part of the value."""
    found = [problem for code, problem in SCHEMA.problems({**RECORD, **change}) if code == "HC205"]
    assert [edit.value for problem in found for edit in problem.edits] == [value]


@each(
    ("field", "value", "meant"),
    [
        ("parties", "Egypt and Qatar", [{"country": "EG"}, {"country": "QA"}]),
        ("parties", "EG, WHO", [{"country": "EG"}, {"organisation": "WHO"}]),
        ("parties", "Egypt and Wonderland", None),
        (
            "sources",
            "https://a.org https://b.org",
            [{"url": "https://a.org"}, {"url": "https://b.org"}],
        ),
        ("places", "Oslo", [{"city": "Oslo"}]),
        ("topics", "vaccines", ["vaccines"]),
        ("topics", "Vaccines; nurses", ["vaccines", "health-workforce"]),
        ("topics", "vaccines, magic", None),
        ("outcomes", "nurses, doctors", None),
        ("title", ["A title of some length"], "A title of some length"),
        ("title", ["A title", "of two parts"], None),
        ("title", {"A title": "of a text"}, None),
        ("online", "Yes", True),
        ("withdrawn", "Yes", None),
        ("terms", "five years", None),
        ("places", {"city": "Oslo"}, [{"city": "Oslo"}]),
        ("places", {}, None),
    ],
)
def test_a_value_of_another_type_gets_what_is_clearly_meant(
    field: str, value: Any, meant: Any
) -> None:
    """Otherwise the finding shows an example of the field, where the table of fields has one."""
    found = SCHEMA.problems({**RECORD, field: value})
    (problem,) = [problem for code, problem in found if code == "HC203"]
    assert problem.edits == (() if meant is None else (Replace((field,), meant),))
    if meant is None and problem.example:
        assert problem.example.startswith(f"{field}:")


@each("field", [*GENERATED["properties"]])
def test_the_example_of_a_field_is_valid(field: str) -> None:
    """As it is shown where the field is missing or of another type."""
    data = reader.parse(suggestions.example(field).encode()).data
    assert data
    assert not SCHEMA.problems({**RECORD, **data})


@each(
    ("name", "value", "hint", "edit"),
    [
        ("ID", "x", "Did you mean “id”?", Rename(("ID",), "id")),
        ("TITLE", "x", "Did you mean “title”?", Rename(("TITLE",), "title")),
        ("Text-URL", "x", "Did you mean “text_url”?", Rename(("Text-URL",), "text_url")),
        (
            "place",
            "Oslo",
            "Did you mean “places”?",
            Rename(("place",), "places", [{"city": "Oslo"}]),
        ),
        ("topic", "vaccines", "“topics”?", Rename(("topic",), "topics", ["vaccines"])),
        ("source", "a page", "Did you mean “sources”?", None),
        ("supports", ["date"], "It is a field of “sources”: indent its line", None),
        ("colour", "red", "Its fields are id, type, title,", None),
    ],
)
def test_an_unknown_field_gets_the_nearest_that_fits_its_value(
    name: str, value: Any, hint: str, edit: Rename | None
) -> None:
    """Case is a likeness; the value is converted with the name, or nothing is offered."""
    kept = {"ID": "id", "TITLE": "title", "Text-URL": "text_url"}.get(name, f"{name}s")
    record = {key: value for key, value in RECORD.items() if key not in (kept, name)}
    found = SCHEMA.problems({**record, name: value})
    (problem,) = [problem for code, problem in found if code == "HC201"]
    assert hint in problem.hint
    assert problem.edits == ((edit,) if edit else ())


def test_a_field_of_the_record_in_a_source_is_not_missing_too() -> None:
    """It is indented too far: one mistake, one finding."""
    record = {key: value for key, value in RECORD.items() if key != "collection"}
    source = {**RECORD["sources"][0], "collection": "news-search-2026"}
    ((code, problem),) = SCHEMA.problems({**record, "sources": [source]})
    assert code == "HC201"
    assert problem.hint == "It is a field of the record: begin “collection:” in the first column."


def test_a_field_that_the_record_has_already_is_not_misplaced() -> None:
    """A person's “title” is meant for the role."""
    person = {"name": "Teymur Musayev", "party": "AZ", "title": "Minister"}
    ((_, problem),) = SCHEMA.problems({**RECORD, "people": [person]})
    assert problem.hint.startswith("Its fields are name,")


def test_a_missing_collection_is_answered_with_all_of_them() -> None:
    """They are few, and what they are says which one to take."""
    record = {key: value for key, value in RECORD.items() if key != "collection"}
    ((_, problem),) = SCHEMA.problems(record)
    for term in DATASET.vocabulary.collections.values():
        assert f"“collection: {term.code}” ({term.definition.rstrip('.')})" in problem.hint


def test_a_missing_list_is_answered_with_three_lines_of_it() -> None:
    record = {key: value for key, value in RECORD.items() if key != "sources"}
    ((_, problem),) = SCHEMA.problems(record)
    lines = problem.example.splitlines()
    assert [line.strip(" -").partition(":")[0] for line in lines] == [
        *("sources", "url", "kind", "supports")
    ]


def test_a_list_of_parties_in_one_is_shown_as_items() -> None:
    """With the codes of the names."""
    found = SCHEMA.problems({**RECORD, "parties": [{"country": "Egypt, QA & WHO"}]})
    ((_, problem),) = [one for one in found if one[0] == "HC204"]
    assert problem.hint.startswith("Write each party as an item of its own")
    assert problem.example == "parties:\n  - country: EG\n  - country: QA\n  - organisation: WHO"


@each(
    ("parties", "ident"),
    [
        (["EG", "QA"], "2024-eg-qa-meeting"),
        (["EG", "QA", "CU", "AZ"], "2024-multi-meeting"),
        (["EG", "XX"], None),
    ],
)
def test_an_invalid_id_gets_one_of_the_records_own_facts(
    parties: list[str], ident: str | None
) -> None:
    """The few words at the end are for the contributor."""
    listed = [{"country": code} for code in parties]
    facts = {"date": "2024-03-05", "type": "meeting", "parties": listed}
    found = SCHEMA.problems({**RECORD, **facts, "id": "Qatar Egypt"})
    (problem,) = [problem for code, problem in found if code == "HC205"]
    assert problem.edits == ((Replace(("id",), ident),) if ident else ())
    assert not problem.safe


@each(("field", "value"), [("type", ["meeting"]), ("parties", [{"country": ["EG"]}])])
def test_an_invalid_id_beside_a_list_in_place_of_a_code_gets_no_edit(
    field: str, value: object
) -> None:
    """A list cannot be looked up among the codes."""
    found = SCHEMA.problems({**RECORD, "id": "Qatar Egypt", field: value})
    assert [problem.edits for code, problem in found if code == "HC205"] == [()]


@each(("field", "required"), [("sources", True), ("topics", True), ("places", False)])
def test_an_empty_list_is_removed_only_where_it_may_be(field: str, required: bool) -> None:
    (found,) = [one for code, one in SCHEMA.problems({**RECORD, field: []}) if code == "HC207"]
    assert ("remove it" in found.hint) != required
    assert bool(found.edits) != required


@each("length", [500, 100_000])
def test_a_message_does_not_repeat_a_whole_page(length: int) -> None:
    """Codes, forms and names of fields are cut."""
    long = "x" * length
    invalid = {**RECORD, "type": long, "text_url": long, long: "x", "topics": [long, long]}
    for _, problem in SCHEMA.problems(invalid):
        assert len(problem.message) < 200


def difference_after(change: Callable[[Any], None]) -> Finding:
    schema = copy.deepcopy(GENERATED)
    change(schema)
    (finding,) = differences(render(schema).encode(), schema, DATASET.vocabulary)
    return finding


def test_a_generated_schema_file_has_no_finding() -> None:
    """The layout and the order of the keys do not matter."""
    assert not [*differences(b"", copy.deepcopy(GENERATED), DATASET.vocabulary)]
    backwards = dict(reversed(GENERATED.items()))
    assert not [*differences(b"", backwards, DATASET.vocabulary)]


@each(
    ("change", "code", "pointer"),
    [
        (
            lambda schema: schema["definitions"]["country"]["enum"].pop(),
            "HC906",
            "/definitions/country/enum",
        ),
        (
            lambda schema: schema["properties"]["date"].update(description="x"),
            "HC906",
            "/properties/date/description",
        ),
        (lambda schema: schema.pop("title"), "HC906", "/title"),
        (lambda schema: schema["properties"].pop("title"), "HC907", "/properties/title"),
        (lambda schema: schema.update(additionalProperties=True), "HC907", "/additionalProperties"),
        (lambda schema: schema["properties"].update(x={}), "HC907", "/properties/x"),
        (
            lambda schema: schema["properties"]["id"].update(pattern="(a+)+$"),
            "HC907",
            "/properties/id/pattern",
        ),
        (lambda schema: schema.update(definitions=[]), "HC907", "/definitions"),
        (
            lambda schema: (
                schema["definitions"]["country"]["enum"].pop(),
                schema["properties"]["id"].pop("type"),
            ),
            "HC907",
            "/properties/id/type",
        ),
    ],
)
def test_a_difference_of_the_schema_file_is_found_at_its_place(
    change: Callable[[Any], None], code: str, pointer: str
) -> None:
    """A warning where only code lists and texts for editors differ."""
    finding = difference_after(change)
    assert (finding.code, finding.pointer) == (code, pointer)
    assert finding.path == "schema/record.schema.json"
    assert finding.severity == ("warning" if code == "HC906" else "error")
    if finding.line > 1:
        name = pointer.rpartition("/")[2]
        assert f'"{name}"' in finding.excerpt or pointer.split("/")[-2] in finding.excerpt
    assert "healthcoop schema --write" in finding.hint


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server that fails the test if anything is requested."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_error(404)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    assert requests == []
    server.shutdown()
    server.server_close()


PAYLOAD = "data:application/json,%7B%22const%22%3A%22x%22%2C%22definition_rule%22%3A%22%22%7D"


def test_nothing_that_a_schema_file_names_is_fetched(
    few_records: Path, server: str, monkeypatch: pytest.MonkeyPatch, cli_invoke: Any
) -> None:
    """A stranger's schema is data: it is compared, and reported as changed."""
    path = few_records / "schema/record.schema.json"
    content = path.read_bytes()
    monkeypatch.setattr("urllib.request.urlopen", None)

    @each("place", ["$id", "$ref", "$schema", "definitions/country/$ref"])
    @each("address", [PAYLOAD, f"{server}/x.json", "file:///etc/passwd", "file:///dev/zero"])
    def check(place: str, address: str) -> None:
        schema: Any = json.loads(content)
        *way, key = place.split("/")
        part = schema
        for name in way:
            part = part[name]
        part[key] = address + ("#/record/1" if key == "$id" else "")
        path.write_text(json.dumps(schema), "utf-8")
        start = perf_counter()
        outcome = cli_invoke("--root", few_records, "validate", "--jobs", "1", exit_code=1)
        assert perf_counter() - start < 60
        (line,) = [line for line in outcome.stdout.splitlines() if line.startswith("schema/")]
        assert "HC907 error" in line

    check()


@each(
    ("schema", "message"),
    [
        ([], "has no “\\$id” that ends in record/1"),
        ({**GENERATED, "$id": "urn:x"}, "has no “\\$id” that ends in record/1"),
        ({**GENERATED, "$id": "urn:healthcoop:schema:record/2"}, "has records of version 2"),
    ],
)
def test_a_schema_file_without_a_known_version_is_refused(schema: Any, message: str) -> None:
    """The format of the records is then unknown."""
    with pytest.raises(InvalidSchema, match=message):
        read_schema({SCHEMA_PATH: json.dumps(schema).encode()})
