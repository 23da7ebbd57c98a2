"""What a contributor reads who makes a usual mistake in a first record."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from healthcoop.checks import engine
from healthcoop.checks.engine import CheckContext
from healthcoop.checks.findings import Report
from healthcoop.checks.formats.text import Style, as_text
from tests.cases import each

MISTAKES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[1] / "data" / "first_record" / "mistakes.yaml").read_bytes()
)


def text_with(mistake: dict[str, Any]) -> str:
    """Return the record with a mistake: each edit replaces a text, ``everywhere`` if it says so."""
    text: str = MISTAKES["record"]
    for old, new in mistake.get("edits", ()):
        assert old in text, old
        text = text.replace(old, new, -1 if mistake.get("everywhere") else 1)
    return text


def report_on(path: str, text: str, context: CheckContext) -> Report:
    checked = engine.check({path: text.encode()}, context, jobs=1)
    return Report(records=len(checked.paths), findings=checked.findings)


def test_the_record_itself_has_no_findings(context: CheckContext) -> None:
    assert report_on(MISTAKES["path"], MISTAKES["record"], context).findings == ()


TOGETHER = [
    *("names for codes", "a date in words", "an address without https"),
    *("a text for a list", "a number for a term", "a field of the record in a source"),
]


def codes(report: Report) -> Counter[str]:
    return Counter(finding.code for finding in report.findings)


@each("other", ["empty values", "two events in one file without a line between"])
def test_mistakes_are_reported_in_one_run(other: str, context: CheckContext) -> None:
    """Each as if it were alone, though a value is empty or a field is there twice."""
    expected: Counter[str] = Counter()
    edits: list[list[str]] = []
    for name in [other, *TOGETHER]:
        text = text_with({"edits": edits})
        own = [edit for edit in MISTAKES["mistakes"][name]["edits"] if edit[0] in text]
        expected += codes(report_on(MISTAKES["path"], text_with({"edits": own}), context))
        edits += own
    found = codes(report_on(MISTAKES["path"], text_with({"edits": edits}), context))
    assert expected.total() > 10
    assert not expected - found


def test_problems_that_a_suggestion_would_uncover_are_reported_with_it(
    context: CheckContext,
) -> None:
    """Without an edit of their own: the suggestion may be wrong."""
    edits = [["country: QA", "country: Egypt"], ['"2024-03-05"\nplaces', "5 March 2924\nplaces"]]
    report = report_on(MISTAKES["path"], text_with({"edits": edits}), context)
    found = {finding.code: finding for finding in report.findings}
    assert {"HC204", "HC401", "HC406", "HC502"} <= found.keys()
    assert "“EG”" in found["HC204"].hint
    for code in ("HC406", "HC502"):
        assert not found[code].fixable
        assert found[code].proposal is None


def test_messages_on_the_mistakes_of_a_first_record(
    context: CheckContext, golden: Callable[[str, str], None]
) -> None:
    """Each is read as somebody who has never seen YAML: one sentence says what to do."""
    shown = []
    for name, mistake in MISTAKES["mistakes"].items():
        report = report_on(mistake.get("path", MISTAKES["path"]), text_with(mistake), context)
        place = MISTAKES["path"].rpartition("/")[0] + "/"
        found = as_text(report, Style()).replace(place, "")
        shown.append(f"### {name}\n{found}{report.closing_line}\n")
    golden("first_record.txt", "\n".join(shown))
