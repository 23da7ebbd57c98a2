"""JSON: every finding with every key, for scripts."""

import json

from healthcoop.checks.findings import Report, Severity
from healthcoop.checks.formats.style import Style, writable


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
    return writable(json.dumps(data, indent=2, ensure_ascii=False)) + "\n"
