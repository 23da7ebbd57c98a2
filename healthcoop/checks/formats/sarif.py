"""SARIF 2.1.0 (OASIS, errata 01), for code scanning and editors."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from healthcoop import REPOSITORY, __version__
from healthcoop.checks.findings import Finding, Report
from healthcoop.checks.formats.text import Style
from healthcoop.checks.registry import rules
from healthcoop.checks.rule_pages import page
from healthcoop.files.fixes import Change
from healthcoop.files.visible import visible, without_commands, writable

_STANDARD = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/"
_ROOT = "%SRCROOT%"  # the name that code scanning and editors use for the checkout's folder
_ROOT_IS = "The top of the repository; of a data set that is in none, its own folder."
_LINK = re.compile(r"\[[^\]]*\]\(")
_MAX_LINE = 1000

Data = dict[str, Any]


def as_sarif(report: Report, _style: Style) -> str:
    """Write one run with the rules that found something, and every finding as a result."""
    examples = {finding.code: finding for finding in report.findings}
    codes = sorted(examples)
    run = {
        "tool": {
            "driver": {
                "name": "healthcoop",
                "informationUri": f"https://github.com/{REPOSITORY}",
                "semanticVersion": __version__,
                "rules": [_rule(examples[code]) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": _ROOT_IS}}},
        "results": list(_results(report, {code: number for number, code in enumerate(codes)})),
        "properties": {"records": report.records},
    }
    log = {
        "$schema": f"{_STANDARD}schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return without_commands(json.dumps(log, ensure_ascii=False, separators=(",", ":"))) + "\n"


def _rule(example: Finding) -> Data:
    names = {"id": writable(example.code), "name": writable(example.name)}
    rule = rules().get(example.code)
    if rule is None or not rule.doc:  # Python may run without docstrings
        return names
    doc = page(rule)
    first, _, _ = doc.reason.partition("\n\n")
    examples = [
        f"{title}\n\n```yaml\n{text}\n```"
        for title, text in (("Fails:", doc.fails), ("Passes:", doc.passes))
        if text
    ]
    return names | {
        "shortDescription": {"text": " ".join(first.split())},
        "fullDescription": {"text": " ".join(doc.reason.split())},
        "help": {"text": doc.reason, "markdown": "\n\n".join([doc.reason, *examples])},
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _results(report: Report, numbers: dict[str, int]) -> Iterator[Data]:
    seen: Counter[str] = Counter()
    for finding in report.findings:
        mark = _fingerprint(finding)
        seen[mark] += 1
        result = {
            "ruleId": writable(finding.code),
            "ruleIndex": numbers[finding.code],
            "level": str(finding.severity),
            "message": {"text": _message(f"{finding.message} {finding.hint}".strip())},
            "locations": [_location(finding)],
            "partialFingerprints": {"place/v1": f"{mark}:{seen[mark]}"},
        }
        changes = finding.proposal.changes() if finding.proposal else []
        if changes:
            replacements = [_replacement(change) for change in changes]
            change = {"artifactLocation": _artifact(finding.path), "replacements": replacements}
            result["fixes"] = [{"description": {"text": "Fix it."}, "artifactChanges": [change]}]
        yield result


def _fingerprint(finding: Finding) -> str:
    """Identify a finding by all but its line and column, which every edit above it changes."""
    parts = (finding.path, finding.code, finding.pointer, finding.excerpt.strip())
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _message(text: str) -> str:
    """Escape a message, so that it has no embedded link (section 3.11.6)."""
    text = visible(text)
    return re.sub(r"([\\\[\]])", r"\\\1", text) if _LINK.search(text) else text


def _location(finding: Finding) -> Data:
    region: Data = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    physical: Data = {"artifactLocation": _artifact(finding.path), "region": region}
    within_line = finding.end_line == finding.line
    if within_line and 0 < len(finding.excerpt) <= _MAX_LINE:
        marked = finding.excerpt[finding.column - 1 : finding.end_column - 1]
        region["snippet"] = {"text": writable(marked)}
        line = {"startLine": finding.line, "snippet": {"text": writable(finding.excerpt)}}
        physical["contextRegion"] = line
    location: Data = {"physicalLocation": physical}
    if finding.pointer:
        name = {"fullyQualifiedName": writable(finding.pointer), "kind": "value"}
        location["logicalLocations"] = [name]
    return location


def _artifact(path: str) -> Data:
    try:
        named = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        named = path.encode("utf-8", "surrogatepass")
    return {"uri": quote(named), "uriBaseId": _ROOT}


def _replacement(change: Change) -> Data:
    region: Data = {"startLine": change.line, "startColumn": 1}
    last = change.line + len(change.old) - 1
    if change.old and not change.old[-1].endswith("\n"):  # the last line of the file
        region |= {"endLine": last, "endColumn": len(change.old[-1]) + 1}
    else:
        region |= {"endLine": last + 1, "endColumn": 1}
    return {"deletedRegion": region, "insertedContent": {"text": writable("".join(change.new))}}
