"""What a contributor reads who makes a usual mistake in a first record."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from healthcoop.checks import engine
from healthcoop.checks.engine import CheckContext
from healthcoop.checks.findings import Report
from healthcoop.checks.formats.text import Style, as_text

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
    return Report(records=checked.records, findings=checked.findings)


def test_the_record_itself_has_no_findings(context: CheckContext) -> None:
    assert report_on(MISTAKES["path"], MISTAKES["record"], context).findings == ()


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
