"""``contribute.importing.mapping`` and ``template``: mistakes, and what rows become."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthcoop.contribute.importing.mapping import Cut, read_mapping
from healthcoop.contribute.importing.records import LeftOut, RecordBuilder
from healthcoop.contribute.importing.rows import Row
from healthcoop.contribute.importing.template import RowRefused, evaluate
from healthcoop.errors import HealthcoopError
from healthcoop.files.tree import Tree
from healthcoop.files.vocabularies import load
from tests.cases import each

VOCABULARY = load(Tree(Path(__file__).parents[2]))
RECORD = 'record:\n  identifiers: [{scheme: x, value: "{id}"}]\n'


def write(folder: Path, text: str) -> Path:
    """Write a mapping file and return its path."""
    path = folder / "m.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@each(
    ("text", "message"),
    [
        ("record: {}\n", "m.yaml:1:1: identifiers missing"),
        ("collection: c\n", "m.yaml:1:1: record missing"),
        (RECORD + "colums: {}\n", "m.yaml:3:1: unknown key “colums”"),
        (RECORD + "  titel: x\n", "m.yaml:3:3: unknown key “titel”"),
        (RECORD + "  collection: x\n", "m.yaml:3:3: unknown key “collection”"),
        (RECORD + '  title: "{id"\n', "m.yaml:3:10: a brace is alone"),
        (RECORD + "  parties:\n    - {names: p, later_: x}\n", "m.yaml:4:18: unknown key “later_”"),
        (RECORD + "  terms: {match: a}\n", "m.yaml:3:3: cases missing"),
        (RECORD + "  terms: {match: a, cases: {}, els: x}\n", "m.yaml:3:32: unknown key “els”"),
        (RECORD + "dates: {day: dd/mm/yyyy}\n", "m.yaml:3:14: unknown date format “dd/mm/yyyy”"),
        (RECORD + "dates: {day: DD/DD}\n", "unknown date format “DD/DD”"),
        (RECORD + "dates: [day]\n", "m.yaml:3:1: expected a mapping"),
        (RECORD + "lists: {p: [a]}\n", "expected a text"),
        (RECORD + "languages: en\n", "m.yaml:3:12: expected a list"),
        (RECORD + "leave_out: [{reason: x}]\n", "column missing"),
        (RECORD + "cut: {a: b}\n", "m.yaml:3:10: expected fields: after, before, from"),
        (RECORD + "tables: [{file: none.csv, by: id}]\n", "none.csv: No such file"),
        (
            RECORD + "tables: [{file: ../x.csv, by: id}]\n",
            "m.yaml:3:17: expected the name of a file",
        ),
        (RECORD + "tables: [{file: /etc/passwd, by: id}]\n", "expected the name of a file"),
        (RECORD + "a: &b c\n", "m.yaml:3:4: YAML anchors"),
        ("", "m.yaml:1:1: The file is empty."),
        (RECORD + "  parties: x\n", "m.yaml:3:12: expected a list"),
        (RECORD + "  parties: [x]\n", "m.yaml:3:13: expected fields"),
        (RECORD + "  parties: [{names: [p]}]\n", "expected a text"),
        (
            RECORD + "  parties: [{match: a, cases: {b: {names: p}}}]\n",
            "m.yaml:3:36: unknown key “names”",
        ),
        (RECORD + "  parties: [{match: a, cases: {}, other: x}]\n", "expected fields"),
        (RECORD + "  parties: [{names: p, later: joined}]\n", "expected “acceded”"),
        (RECORD + "  parties: [{names: p, extended_to: {GB: Fiji}}]\n", "expected a list"),
        (RECORD + "  parties: [{names: p, extended_to: [GB]}]\n", "expected a mapping"),
        (RECORD + "  parties: [{names: p, states_from: {KE: [a]}}]\n", "expected a text"),
        (RECORD + "  parties: [{names: p, skip: x}]\n", "expected a list"),
        (RECORD + "  terms: {match: a, cases: [x]}\n", "expected a mapping"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    """File, line and column, as for records."""
    with pytest.raises(HealthcoopError) as error:
        read_mapping(write(tmp_path, text))
    assert message in error.value.message


def test_a_missing_mapping_is_an_error(tmp_path: Path) -> None:
    """No traceback."""
    with pytest.raises(HealthcoopError, match="No such file"):
        read_mapping(tmp_path / "none.yaml")


KEYS = st.sampled_from(
    """
    collection languages dates countries lists cut leave_out record id type title date parties
    sources identifiers terms names match cases other empty skip extended_to states_from later
    column values reason from after before country supports a b
    """.split()  # noqa: SIM905
)
NODES = st.recursive(
    st.sampled_from(["x", "{a}", "{b}", "{a|b} y", "DD/MM/YYYY", "GB", "1999", "{", "acceded"])
    | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=5 * settings.default.max_examples)
@given(st.dictionaries(KEYS, NODES, max_size=4), st.dictionaries(KEYS, NODES, max_size=5))
def test_any_mapping_is_read_or_an_error(top: dict[str, Any], record: dict[str, Any]) -> None:
    """A mapping from elsewhere never ends in a traceback, nor do its rows."""
    data = {**top, "record": {"identifiers": [{"scheme": "x", "value": "{a}"}], **record}}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.yaml"
        path.write_text(json.dumps(data), encoding="utf-8")
        try:
            builder = RecordBuilder(read_mapping(path), VOCABULARY)
            row = Row(2, {"a": "01/02/1999", "b": ["GB", "CUBA"], "x": "", "parties": "CUBA"})
            builder.check_columns(row.values)
            builder.identifiers(row)
            builder.build(row)
        except (HealthcoopError, RowRefused, LeftOut):
            return


VALUES: dict[str, Any] = {"a": "A", "b": "", "list": ["x", "y"], "state": "In force", "odd": "?"}


@each(
    ("template", "value"),
    [
        ("text", "text"),
        ("{a}", "A"),
        ("{b}", None),
        ("No. {b}", None),
        ("No. {a} of {b}", "No. A of"),
        ("{b|a}", "A"),
        ("{{a}} {a}", "{a} A"),
        ("{list}", ["x", "y"]),
        ("of {list}", "of x; y"),
        (["c", "{list}", "{b}"], ["c", "x", "y"]),
        (["{b}"], None),
        ({"text": "{b}", "language": "en"}, None),
        ({"text": "{a}", "language": "en", "x": "{b}"}, {"text": "A", "language": "en"}),
        ({"language": "en"}, {"language": "en"}),
        ([{"value": "{b}", "scheme": "s"}, {"value": "{a}", "scheme": "s"}], None),
        (True, True),
        ({"match": "state", "cases": {"In force": {"ended": "none"}}}, {"ended": "none"}),
        ({"match": "b", "cases": {}}, None),
        ({"match": "b", "cases": {}, "empty": "none"}, "none"),
        ({"match": "odd", "cases": {}, "other": ["{a}"]}, ["A"]),
    ],
)
def test_templates(template: Any, value: Any) -> None:
    """What has no value is left out, with all that belongs to it."""
    if value is None and isinstance(template, list) and len(template) > 1:
        value = [{"value": "A", "scheme": "s"}]
    assert evaluate(template, VALUES.__getitem__) == value


def test_a_value_without_a_case_refuses_the_row() -> None:
    """A new state of a register is not dropped silently."""
    with pytest.raises(RowRefused, match="“odd” is “\\?”, for which the mapping has no case"):
        evaluate({"match": "odd", "cases": {"x": "y"}}, VALUES.__getitem__)


@each(
    ("cut", "part"),
    [
        (Cut("c", "||", ";"), "u"),
        (Cut("c", "", ";"), "a: b||u"),
        (Cut("c", "x: ", ""), "y"),
        (Cut("c", "none", ";"), ""),
    ],
)
def test_a_part_of_a_column(cut: Cut, part: str) -> None:
    """From the first mark to the next one."""
    assert cut.of("a: b||u;x: y") == part


MAPPING = """
languages: [pt]
dates: {signed: DD/MM/YYYY, ended: MM/YYYY}
countries: [place]
lists: {parties: ";"}
leave_out:
  - {column: subject, values: [Trade], reason: Not about health.}
record:
  date: "{signed}"
  places: [{city: "{city}", country: "{place}"}]
  parties:
    - country: BR
    - names: parties
      later: acceded
      states_from: {KE: "1963"}
      extended_to: {GB: [Fiji, Gold Coast]}
      skip: [Land Berlin]
  terms: {ended: "{ended}"}
  identifiers: [{scheme: br-concordia, value: "{id}"}]
  sources:
    - url: "https://example.org/{id}"
      supports: [date, terms.ended, parties.KE.acceded, parties.GB.left, identifiers]
"""
ROW = {
    "id": "7",
    "signed": "3/05/1950",
    "ended": "",
    "city": "",
    "place": "Reino Unido",
    "subject": "",
    "parties": "Reino Unido; Fiji; Gold Coast; Quênia; União Soviética; Land Berlin; Brasil",
}


@pytest.fixture
def builder(tmp_path: Path) -> RecordBuilder:
    """Return a builder with the mapping above."""
    return RecordBuilder(read_mapping(write(tmp_path, MAPPING)), VOCABULARY)


def test_a_record_of_a_row(builder: RecordBuilder) -> None:
    """Dates, countries, territories, later parties and what a source supports."""
    assert builder.build(Row(2, ROW)) == {
        "date": "1950-05-03",
        "places": [{"country": "GB"}],
        "parties": [
            {"country": "BR"},
            {"country": "GB", "extended_to": ["FJ", "GH"]},
            {"country": "KE", "acceded": "unknown"},
            {"country": "SUHH"},
        ],
        "identifiers": [{"scheme": "br-concordia", "value": "7"}],
        "sources": [
            {
                "url": "https://example.org/7",
                "supports": ["date", "parties.KE.acceded", "identifiers"],
            }
        ],
    }


@each(
    ("parties", "found"),
    [
        ("Alemanha; República Democrática Alemã", [{"country": "DE"}, "DDDE"]),
        ("Alemanha; República Federal da Alemanha", [{"country": "DE"}]),
    ],
)
def test_parties_are_listed_once(builder: RecordBuilder, parties: str, found: list[Any]) -> None:
    """A state that ended is left by then; two names of one state are one party."""
    row = Row(2, {**ROW, "signed": "01/02/1934", "parties": parties})
    gone = {"country": "DDDE", "acceded": "unknown", "left": "[..1990-10-02]"}
    wanted = [gone if party == "DDDE" else party for party in found]
    assert builder.build(row)["parties"] == [{"country": "BR"}, *wanted]


@each(
    ("change", "reason"),
    [
        ({"signed": "31/02/1950"}, "“signed” is “31/02/1950”, which is not a day as DD/MM/YYYY"),
        ({"signed": "May 1950"}, "which is not a day as DD/MM/YYYY"),
        ({"place": "Ruritânia"}, "unknown party: Ruritânia"),
        ({"parties": "Isreal"}, "unknown party: Isreal. Did you mean Israel?"),
        ({"parties": "Fiji"}, "GB, which acts for FJ, is not among the parties"),
        ({"parties": "Brasil"}, "BR is its only party"),
        ({"parties": ""}, "BR is its only party"),
        ({"signed": "01/01/1999", "parties": "Iugoslávia; Tchecoslováquia"}, "existed only until"),
    ],
)
def test_a_row_that_cannot_be_understood_is_refused(
    builder: RecordBuilder, change: dict[str, str], reason: str
) -> None:
    """The reason names the value."""
    with pytest.raises(RowRefused) as refusal:
        builder.build(Row(2, {**ROW, **change}))
    assert reason in str(refusal.value)


def test_a_row_can_be_left_out(builder: RecordBuilder) -> None:
    """With the reason that the mapping gives."""
    with pytest.raises(LeftOut) as left_out:
        builder.build(Row(2, {**ROW, "subject": "Trade"}))
    assert left_out.value.reason == "Not about health."


def test_a_column_that_the_file_lacks_is_an_error(builder: RecordBuilder) -> None:
    """With the nearest one."""
    row = {("signd" if name == "signed" else name): value for name, value in ROW.items()}
    with pytest.raises(HealthcoopError, match="no column signed") as error:
        builder.check_columns(row)
    assert error.value.hint == "Did you mean signd?"


def test_added_columns_replace_those_of_a_row(tmp_path: Path) -> None:
    """A table beside the mapping corrects single rows."""
    (tmp_path / "more.csv").write_text("id,title\n7,Of the table\n8,\n", encoding="utf-8")
    path = write(tmp_path, RECORD + '  title: "{title}"\ntables: [{file: more.csv, by: id}]\n')
    builder = RecordBuilder(read_mapping(path), VOCABULARY)
    titles = [
        builder.build(Row(2, {"id": ident, "title": "Own"}))["title"] for ident in ("7", "8", "9")
    ]
    assert titles == ["Of the table", "Own", "Own"]
