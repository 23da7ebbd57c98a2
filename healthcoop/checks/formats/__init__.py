"""How a report is written: one module a format, and the table of them.

Every format is a pure function of the report and of how the reader looks at it: nothing here
prints, and none can be led by a record's text to write what it did not mean.
"""

from collections.abc import Callable, Mapping

from healthcoop.checks.findings import Report
from healthcoop.checks.formats.github import as_github
from healthcoop.checks.formats.json import as_json
from healthcoop.checks.formats.junit import as_junit
from healthcoop.checks.formats.sarif import as_sarif
from healthcoop.checks.formats.style import Look
from healthcoop.checks.formats.text import as_text

FORMATS: Mapping[str, Callable[[Report, Look], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
    "junit": as_junit,
}
