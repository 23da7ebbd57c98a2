"""Findings that a curator has looked at and accepts, each with its reason."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from healthcoop.checks.findings import Finding, Severity
from healthcoop.checks.registry import rules
from healthcoop.errors import InvalidSchema
from healthcoop.files.nodes import START, Pointer, Positions, Span
from healthcoop.files.vocabularies import read_yaml

PATH = "schema/accepted.yaml"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One entry: the finding of ``code`` in ``record`` (at ``pointer``, where given) is excused.

    ``span`` is where the entry stands in its file.
    """

    code: str
    record: str
    reason: str
    pointer: str | None = None
    span: Span = START

    def covers(self, finding: Finding) -> bool:
        """Say whether this entry excuses a finding."""
        stem = finding.path.rsplit("/", 1)[-1].removesuffix(".yaml")
        return (
            finding.code == self.code
            and stem == self.record
            and self.pointer in (None, finding.pointer)
        )


def read(files: Mapping[str, bytes]) -> list[Accepted]:
    """Read the entries of a data set; none where it has no such file.

    Raises InvalidSchema with the place of an entry without code, record or reason, or with a code
    that is no rule's: nothing is accepted by accident, and nothing missed by a slip.
    """
    with suppress(OSError):  # it is there, then, and reading it says what is the matter
        if PATH not in files:
            return []
    data = read_yaml(files, PATH)
    positions = Positions(files[PATH])
    for pointer, message in _faults(data):
        span = positions.key(pointer)
        raise InvalidSchema(f"{PATH}:{span.line}:{span.column}: {message}")
    return [
        Accepted(**entry, span=positions.value(("accepted", number)))
        for number, entry in enumerate(data["accepted"])
    ]


def _faults(data: Mapping[str, Any]) -> Iterator[tuple[Pointer, str]]:
    for key in data:
        if key != "accepted":
            yield (key,), f"“{key}” is no field of this file; it has one, “accepted”"
    entries = data.get("accepted")
    if not isinstance(entries, list):
        yield ("accepted",), "a list named “accepted” is wanted in it"
        return
    wanted = {"code", "record", "reason"}
    for number, entry in enumerate(entries):
        at = ("accepted", number)
        if not isinstance(entry, dict) or not wanted <= entry.keys() <= wanted | {"pointer"}:
            message = f"entry {number + 1} needs code, record and reason (pointer, if it matters)"
            yield at, message
        elif not all(isinstance(value, str) for value in entry.values()):
            yield at, f"every value of entry {number + 1} is text"
        elif entry["code"] not in rules():
            yield (*at, "code"), f"“{entry['code']}” is no rule's code"


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
        line=entry.span.line,
        column=entry.span.column,
        end_line=entry.span.end_line,
        end_column=entry.span.end_column,
        code="HC901",
        name="accepted-stale",
        severity=Severity.WARNING,
        message=f"No finding {entry.code} in {entry.record} is left to accept.",
        hint="Remove the entry.",
        pointer=f"/accepted/{number}",
    )
