"""GitHub: workflow commands that become annotations, and the job's summary.

The limits are those of GitHub's own pages: "10 warning annotations, 10 error annotations, and 10
notice annotations per step" and 50 a job (actions/toolkit, "Problem Matchers", Limitations); a
job summary "restricted to a maximum size of 1MiB" a step ("Workflow commands for GitHub Actions",
Adding a job summary). GitHub drops what exceeds them, so that is written to the log instead.
"""

from collections import Counter
from collections.abc import Iterator

from healthcoop.checks.findings import Finding, Report, Severity
from healthcoop.checks.formats.text import Style
from healthcoop.files.markdown import escape
from healthcoop.files.visible import visible, writable

_KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
# One notice is reserved for the number of findings without an annotation.
_LIMITS = {Severity.ERROR: 10, Severity.WARNING: 10, Severity.NOTE: 9}
_SUMMARY_BYTES = 1_000_000


def as_github(report: Report, _style: Style) -> str:
    """Write annotations, errors and changed files first; above the limit, plain text."""
    rest: list[Finding] = []
    lines: list[str] = []
    sent: Counter[Severity] = Counter()
    for finding in report.worst_first:
        if sent[finding.severity] < _LIMITS[finding.severity]:
            sent[finding.severity] += 1
            lines.append(_command(finding))
        else:
            rest.append(finding)
    if rest:
        lines += ["::group::Findings without an annotation", *map(_plain, rest), "::endgroup::"]
        is_one = len(rest) == 1
        lines.append(
            f"::notice title=healthcoop::{len(rest):,} more finding{'' if is_one else 's'}"
            f" {'is' if is_one else 'are'} in the log of this step and in the job's summary"
        )
    return writable("".join(f"{line}\n" for line in lines))


def failure(message: str) -> str:
    """Write an annotation for a run that could not be finished."""
    return writable(f"::error title=healthcoop::{_escape_data(visible(message))}\n")


def job_summary(report: Report, *, most: int = _SUMMARY_BYTES) -> str:
    """Write the findings as a Markdown table, in order of annotations, up to a size in bytes."""
    head = f"### healthcoop validate\n\n{report.closing_line}\n"
    if not report.findings:
        return head
    head += "\n| Place | Finding | Problem | What to do |\n| --- | --- | --- | --- |\n"
    rows: list[str] = []
    size = 0
    for row in _rows(report):
        size += len(row.encode())
        if size > most:
            break
        rows.append(row)
    left = len(report.findings) - len(rows)
    more = f"\n{left:,} more do not fit here: see the log, or run `healthcoop validate`.\n"
    return head + "".join(rows) + (more if left else "")


def _rows(report: Report) -> Iterator[str]:
    for finding in report.worst_first:
        cells = (
            f"{finding.path}:{finding.line}:{finding.column}",
            f"{finding.code} {finding.severity}",
            finding.message,
            finding.hint,
        )
        yield "".join(f"| {escape(cell)} " for cell in cells) + "|\n"


def _command(finding: Finding) -> str:
    # The runner undoes the escape of a line break in the name; control characters stay visible.
    path = "\n".join(map(visible, finding.path.split("\n")))
    place: dict[str, str | int] = {
        "file": path,
        "line": finding.line,
        "col": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    title = {"title": f"{finding.code} {finding.name}"}
    message = visible(f"{finding.message} {finding.hint}".strip())
    if finding.deleted:  # GitHub does not show an annotation on a missing file
        place, message = {}, f"{visible(finding.path)}: {message}"
    properties = place | title
    written = ",".join(f"{key}={_escape_property(value)}" for key, value in properties.items())
    return f"::{_KINDS[finding.severity]} {written}::{_escape_data(message)}"


def _plain(finding: Finding) -> str:
    place = f"{finding.path}:{finding.line}:{finding.column}"
    words = f"{place}: {finding.code} {finding.severity} {finding.message} {finding.hint}"
    return f"- {visible(words.strip())}"


def _escape_data(text: str) -> str:
    # As @actions/core escapes the data of a workflow command.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(value: str | int) -> str:
    return _escape_data(str(value)).replace(":", "%3A").replace(",", "%2C")
