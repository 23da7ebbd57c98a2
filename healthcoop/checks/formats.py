"""How a report is written: text for people, JSON for programs, annotations for GitHub."""

import json
from collections.abc import Callable, Mapping

from healthcoop.checks.findings import Finding, Report, Severity
from healthcoop.text.visible import visible

Paint = Callable[[str, str], str]
"""Gives a piece of text a colour by its role: ``path error warning note hint``."""


def plain(text: str, _role: str) -> str:
    """Paint nothing."""
    return text


def as_text(report: Report, paint: Paint = plain) -> str:
    """Write ``path:line:column: CODE severity message`` and the hint under it."""
    lines = []
    for finding in report.findings:
        place = visible(f"{finding.path}:{finding.line}:{finding.column}:")
        severity = paint(f"{finding.code} {finding.severity}", str(finding.severity))
        lines.append(f"{paint(place, 'path')} {severity} {visible(finding.message)}")
        if finding.hint:
            lines.append(f"    {paint(visible(finding.hint), 'hint')}")
    return "".join(f"{line}\n" for line in lines)


def as_json(report: Report, _paint: Paint = plain) -> str:
    """Write one object with the counts and every finding."""
    counts = report.counts
    data = {
        "records": report.records,
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "notes": counts[Severity.NOTE],
        "findings": [finding.to_data() for finding in report.findings],
    }
    return _writable(json.dumps(data, indent=2, ensure_ascii=False)) + "\n"


def as_github(report: Report, _paint: Paint = plain) -> str:
    """Write workflow commands, errors first: the host shows only the first of each kind."""
    return _writable("".join(f"{_command(finding)}\n" for finding in report.worst_first))


FORMATS: Mapping[str, Callable[[Report, Paint], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
}


def _command(finding: Finding) -> str:
    kinds = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
    properties: dict[str, str | int] = {
        "file": finding.path,
        "line": finding.line,
        "col": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
        "title": f"{finding.code} {finding.name}",
    }
    written = ",".join(f"{key}={_escape_property(value)}" for key, value in properties.items())
    message = f"{finding.message} {finding.hint}".strip()
    return f"::{kinds[finding.severity]} {written}::{_escape_data(message)}"


def _writable(text: str) -> str:
    # A file's name that is no UTF-8 comes as lone surrogates, which UTF-8 cannot write.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _escape_data(text: str) -> str:
    # As @actions/core escapes the data of a workflow command.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(value: str | int) -> str:
    return _escape_data(str(value)).replace(":", "%3A").replace(",", "%2C")
