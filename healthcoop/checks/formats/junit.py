"""JUnit XML, for the test reports of CI servers."""

from collections.abc import Iterator
from html import escape
from itertools import groupby

from healthcoop.checks.findings import Finding, Report
from healthcoop.checks.formats.text import Style, lines_of
from healthcoop.files.tree import is_record
from healthcoop.files.visible import visible


def as_junit(report: Report, style: Style) -> str:
    """Write a test case for each file with findings, and the number of all files.

    Findings that do not fail the run are the output of a test case that passes.
    """
    by_path = [
        (path, list(found)) for path, found in groupby(report.findings, lambda found: found.path)
    ]
    failing = sum(any(map(report.fails, found)) for _, found in by_path)
    others = sum(path.startswith("schema/") or not is_record(path) for path, _ in by_path)
    counts = f'name="healthcoop" tests="{report.records + others}" failures="{failing}" errors="0"'
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            f"<testsuites {counts}>\n<testsuite {counts}>\n",
            *(line for path, found in by_path for line in _test(report, path, found, style)),
            "</testsuite>\n</testsuites>\n",
        ]
    )


def _test(report: Report, path: str, found: list[Finding], style: Style) -> Iterator[str]:
    failing = [finding for finding in found if report.fails(finding)]
    passing = [finding for finding in found if not report.fails(finding)]
    yield f'<testcase classname="healthcoop.validate" name="{_safe(path)}">\n'
    if failing:
        first = failing[0]
        kind = _safe(f"{first.code} {first.name}")
        yield f'<failure type="{kind}" message="{_safe(_summary(failing))}">'
        yield f"{_text(failing, style)}</failure>\n"
    if passing:
        yield f"<system-out>{_text(passing, style)}</system-out>\n"
    yield "</testcase>\n"


def _summary(findings: list[Finding]) -> str:
    more = f" And {len(findings) - 1} more." if len(findings) > 1 else ""
    return f"{findings[0].message}{more}"


def _text(findings: list[Finding], style: Style) -> str:
    lines = (line for finding in findings for line in lines_of(finding, style))
    return "\n".join(map(_safe, lines))


def _safe(text: str) -> str:
    # Characters that XML 1.0 does not allow are made visible too.
    return escape(visible(text))
