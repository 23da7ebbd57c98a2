"""Every rule finds its fault where it stands, and nothing in what is right: tests/data/rules."""

import json
from pathlib import Path

import pytest

from healthcoop.checks import engine, suppressions
from healthcoop.checks.findings import Finding
from healthcoop.checks.registry import rules
from healthcoop.files.tree import Tree

EXAMPLES = Path(__file__).parents[1] / "data" / "rules"
FAILING = sorted(path for path in EXAMPLES.glob("*/fail/*") if path.is_dir())
PASSING = sorted(path for path in EXAMPLES.glob("*/pass/*") if path.is_dir())

WITHOUT_EXAMPLES = {
    "HC102",  # a file of 257 KiB: test_reader.py makes one
    "HC115",  # the file system's: test_engine.py
    "HC209",  # no keyword of our schema leads there: test_schema.py
    "HC299",  # two validators of one mind, as test_schema.py holds
    "HC951",  # of two revisions: test_vanished.py
}
# How jsonschema and PyYAML speak.
FOREIGN = [
    *("is not of type", "is a required property", "does not match", "Additional properties"),
    *("is not one of", "is too short", "is too long", "non-unique", "should be non-empty"),
    *(
        "expected <",
        "found character",
        "could not",
        "did not find",
        "not valid under",
        "None",
        "{'",
    ),
]


def label(path: Path) -> str:
    return f"{path.parents[1].name}-{path.name}"


def findings_in(folder: Path, context: engine.CheckContext) -> list[Finding]:
    files = Tree(folder)
    assert len(files)
    report = engine.check(files, context, unexpected_files=[*files.unexpected_files()], jobs=1)
    return suppressions.sift(report.findings, suppressions.read(files))


@pytest.mark.parametrize("folder", FAILING, ids=label)
def test_a_fault_is_found_once_at_its_place(folder: Path, context: engine.CheckContext) -> None:
    """Code, path, line, column and pointer; a message with the value, a hint, both in our words."""
    expected = json.loads((folder / "expected.json").read_bytes())
    (finding,) = findings_in(folder, context)
    said = expected.pop("says")
    assert {key: finding.to_data()[key] for key in expected} == expected
    assert finding.code == folder.parents[1].name
    assert finding.name == rules()[finding.code].name
    assert finding.severity is rules()[finding.code].severity
    assert said in finding.message
    assert finding.message.endswith(".")
    assert finding.hint.strip()
    assert (finding.line, finding.column) < (finding.end_line, finding.end_column) or (
        finding.line,
        finding.column,
    ) == (1, 1)
    for words in FOREIGN:
        assert words not in finding.message + finding.hint


@pytest.mark.parametrize("folder", PASSING, ids=label)
def test_what_is_right_has_no_finding(folder: Path, context: engine.CheckContext) -> None:
    """The nearest thing to the fault that is none."""
    assert findings_in(folder, context) == []


def test_every_rule_has_examples_of_both_kinds() -> None:
    """And no example is of a rule that is gone."""
    codes = set(rules()) - WITHOUT_EXAMPLES
    assert {path.parents[1].name for path in FAILING} == codes
    assert {path.parents[1].name for path in PASSING} == codes


def test_every_rule_has_a_page_and_a_code_of_its_family() -> None:
    """HC and three digits; a name that can be typed; a sentence."""
    for code, rule in rules().items():
        assert code == rule.code
        assert len(code) == 5
        assert code[2:].isdecimal()
        assert rule.name == rule.name.lower().replace(" ", "-")
        assert rule.doc.strip()
    assert len({rule.name for rule in rules().values()}) == len(rules())
