"""The formats of a report, one module each, and their registry.

A format is a pure function of the report and the style. Text from records is escaped: it cannot
add lines, commands or markup to the output.
"""

from collections.abc import Callable, Mapping

from healthcoop.checks.findings import Report
from healthcoop.checks.formats.github import as_github
from healthcoop.checks.formats.json import as_json
from healthcoop.checks.formats.junit import as_junit
from healthcoop.checks.formats.sarif import as_sarif
from healthcoop.checks.formats.style import Style
from healthcoop.checks.formats.text import as_text

FORMATS: Mapping[str, Callable[[Report, Style], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
    "junit": as_junit,
}
