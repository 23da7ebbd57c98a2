"""JUnit XML, for the test reports of CI servers."""

from collections.abc import Iterator
from html import escape
from operator import itemgetter

from healthcoop.checks.findings import Finding, Report
from healthcoop.checks.formats.text import Style, lines_of
from healthcoop.files.visible import visible


def as_junit(report: Report, style: Style) -> str:
    """Write a test case for each record that is reported on, and each other file with findings.

    Findings that do not fail the run are the output of a test case that passes.
    """
    by_path: dict[str, list[Finding]] = {path: [] for path in report.paths}
    for finding in report.findings:
        by_path.setdefault(finding.path, []).append(finding)
    failing = sum(any(map(report.fails, found)) for found in by_path.values())
    counts = f'name="healthcoop" tests="{len(by_path)}" failures="{failing}" errors="0"'
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            f"<testsuites {counts}>\n<testsuite {counts}>\n",
            *(
                line
                for path, found in sorted(by_path.items(), key=itemgetter(0))
                for line in _test(report, path, found, style)
            ),
            "</testsuite>\n</testsuites>\n",
        ]
    )


def _test(report: Report, path: str, found: list[Finding], style: Style) -> Iterator[str]:
    failing = [finding for finding in found if report.fails(finding)]
    passing = [finding for finding in found if not report.fails(finding)]
    case = f'<testcase classname="healthcoop.validate" name="{_safe(path)}"'
    if not found:
        yield f"{case}/>\n"
        return
    yield f"{case}>\n"
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
