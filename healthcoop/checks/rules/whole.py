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

declare(
    "HC951",
    "id-vanished",
    """An id that led to a record goes on leading there, or to the record that took its place.

    Papers and other records cite ids, so a record is never deleted: it stays, marked `withdrawn`
    with a date and a reason, or its id goes to the `former_ids` of another. Looked for where it is
    known what was there before: with `--changed` and `--changed-since`.
    """,
)
