"""The formats of a report and their registry; each but the shortest, JSON, is a module.

A format is a pure function of the report and the style. Text from records is escaped: it cannot
add lines, commands or markup to the output.
"""

import json
from collections.abc import Callable, Mapping

from healthcoop.checks.findings import Report, Severity
from healthcoop.checks.formats.github import as_github
from healthcoop.checks.formats.junit import as_junit
from healthcoop.checks.formats.sarif import as_sarif
from healthcoop.checks.formats.text import Style, as_text
from healthcoop.files.visible import without_commands, writable


def as_json(report: Report, _style: Style) -> str:
    """Write one object with the counts and the findings."""
    counts = report.counts
    data = {
        "records": report.records,
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "notes": counts[Severity.NOTE],
        "findings": [finding.to_data() for finding in report.findings],
    }
    return writable(without_commands(json.dumps(data, indent=2, ensure_ascii=False))) + "\n"


FORMATS: Mapping[str, Callable[[Report, Style], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
    "junit": as_junit,
}
