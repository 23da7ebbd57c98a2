"""HC9: the data set as a whole."""

from healthcoop.checks.findings import Severity
from healthcoop.checks.rules.registry import declare

declare(
    "HC901",
    "accepted-stale",
    "An entry of `schema/accepted.yaml` that no finding answers to any more: what it excused is "
    "mended, so it goes.",
    severity=Severity.WARNING,
)
