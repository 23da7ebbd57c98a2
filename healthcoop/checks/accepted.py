"""Findings that a curator has looked at and accepts, each with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from healthcoop.checks.findings import Finding, Severity
from healthcoop.errors import BrokenSchema

PATH = "schema/accepted.yaml"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One entry: the finding of ``code`` in ``record`` (at ``pointer``, where given) is excused."""

    code: str
    record: str
    reason: str
    pointer: str | None = None

    def covers(self, finding: Finding) -> bool:
        """Say whether this entry excuses a finding."""
        stem = finding.path.rsplit("/", 1)[-1].removesuffix(".yaml")
        return (
            finding.code == self.code
            and stem == self.record
            and self.pointer in (None, finding.pointer)
        )


def from_data(data: Mapping[str, Any]) -> list[Accepted]:
    """Take the parsed file; raises BrokenSchema for an entry without code, record or reason."""
    entries = data.get("accepted", [])
    if not isinstance(entries, list):
        raise BrokenSchema(f"{PATH}: a list named “accepted” is wanted in it")
    accepted = []
    for number, entry in enumerate(entries, start=1):
        wanted = {"code", "record", "reason"}
        if not isinstance(entry, dict) or not wanted <= entry.keys() <= wanted | {"pointer"}:
            raise BrokenSchema(
                f"{PATH}: entry {number} needs code, record and reason (pointer, if it matters)"
            )
        if not all(isinstance(value, str) for value in entry.values()):
            raise BrokenSchema(f"{PATH}: every value of entry {number} is text")
        accepted.append(Accepted(**entry))
    return accepted


def sift(findings: Sequence[Finding], accepted: Sequence[Accepted]) -> list[Finding]:
    """Leave out what is accepted, and add a warning for every entry that excuses nothing."""
    used: set[Accepted] = set()
    kept = []
    for finding in findings:
        covering = [entry for entry in accepted if entry.covers(finding)]
        used.update(covering)
        if not covering:
            kept.append(finding)
    return kept + [
        _stale(entry, number) for number, entry in enumerate(accepted) if entry not in used
    ]


def _stale(entry: Accepted, number: int) -> Finding:
    return Finding(
        path=PATH,
        line=1,
        column=1,
        end_line=1,
        end_column=1,
        code="HC901",
        name="accepted-stale",
        severity=Severity.WARNING,
        message=f"No finding {entry.code} in {entry.record} is left to accept.",
        hint="Remove the entry.",
        pointer=f"/accepted/{number}",
    )
