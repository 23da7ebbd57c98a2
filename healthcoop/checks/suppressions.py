"""Findings that a curator accepts, each with a reason: ``schema/accepted.yaml``."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from healthcoop.checks.finding_builder import FindingBuilder
from healthcoop.checks.findings import Finding, Problem
from healthcoop.checks.registry import rules
from healthcoop.errors import InvalidSchema
from healthcoop.files.nodes import START, Pointer, Span
from healthcoop.files.positions import Positions
from healthcoop.files.vocabularies import read_yaml

PATH = "schema/accepted.yaml"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One entry: findings of ``code`` in ``record`` (at ``pointer``, if any) are not reported.

    ``span`` is the place of the entry in its file.
    """

    code: str
    record: str
    reason: str
    pointer: str | None = None
    span: Span = START

    @property
    def is_possible(self) -> bool:
        """Whether findings of this code can be accepted at all."""
        return not self.code.startswith(_NEVER)

    def covers(self, path: str, code: str, pointer: str) -> bool:
        """Return whether this entry accepts a finding."""
        return (
            self.is_possible
            and code == self.code
            and stem(path) == self.record
            and self.pointer in (None, pointer)
        )


# A record that cannot be read, one of another format, and a deleted one are no matter of judgement.
_NEVER = ("HC1", "HC2", "HC951")


def read(files: Mapping[str, bytes]) -> list[Accepted]:
    """Read the entries of a data set; none where it has no such file.

    Raises InvalidSchema, with the place, for an entry without code, record or reason, or with an
    unknown code.
    """
    with suppress(OSError):  # the file exists; reading it below reports the error
        if PATH not in files:
            return []
    data = read_yaml(files, PATH)
    positions = Positions(files[PATH])
    for pointer, message in _errors(data):
        span = positions.key(pointer)
        raise InvalidSchema(f"{PATH}:{span.line}:{span.column}: {message}")
    return [
        Accepted(**entry, span=positions.value(("accepted", number)))
        for number, entry in enumerate(data["accepted"])
    ]


def _errors(data: Mapping[str, Any]) -> Iterator[tuple[Pointer, str]]:
    for key in data:
        if key != "accepted":
            yield (key,), f"unknown field “{key}”; the only field of this file is “accepted”"
    entries = data.get("accepted")
    if not isinstance(entries, list):
        yield ("accepted",), "expected a list named “accepted”"
        return
    required = {"code", "record", "reason"}
    for number, entry in enumerate(entries):
        at = ("accepted", number)
        if not isinstance(entry, dict) or not required <= entry.keys() <= required | {"pointer"}:
            yield at, f"entry {number + 1} must have code, record, reason and perhaps pointer"
        elif not all(isinstance(value, str) for value in entry.values()):
            yield at, f"every value of entry {number + 1} must be text"
        elif entry["code"] not in rules():
            yield (*at, "code"), f"unknown code “{entry['code']}”"


def remove_accepted(
    findings: Iterable[Finding], accepted: Sequence[Accepted]
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that no entry accepts, and those that one does.

    Among the first is one for each entry without a finding, or for a code that is never accepted.
    """
    entries: dict[tuple[str, str], list[Accepted]] = defaultdict(list)
    for entry in filter(attrgetter("is_possible"), accepted):
        entries[entry.code, entry.record].append(entry)
    used: set[Accepted] = set()
    kept: list[Finding] = []
    removed: list[Finding] = []
    for finding in findings:
        covering = [
            entry
            for entry in entries.get((finding.code, stem(finding.path)), ())
            if entry.covers(finding.path, finding.code, finding.pointer)
        ]
        # The pointer of an entry for another record of the finding leads to a place there.
        for path in finding.others if finding.symmetric else ():
            covering += entries.get((finding.code, stem(path)), ())
        used.update(covering)
        (removed if covering else kept).append(finding)
    for number, entry in enumerate(accepted):
        if entry not in used:
            kept.append((_stale if entry.is_possible else _impossible)(entry, number))
    return kept, removed


def stem(path: str) -> str:
    """Return the name that entries have for a file."""
    return path.rsplit("/", 1)[-1].removesuffix(".yaml")


def _stale(entry: Accepted, number: int) -> Finding:
    message = f"There is no finding {entry.code} in {entry.record} to accept."
    problem = Problem(message, "Remove the entry.", ("accepted", number))
    return FindingBuilder(PATH, b"").build(rules()["HC901"], problem, entry.span)


def _impossible(entry: Accepted, number: int) -> Finding:
    message = f"A finding {entry.code} cannot be accepted: it is reported all the same."
    hint = f"Correct {entry.record}, and remove the entry."
    problem = Problem(message, hint, ("accepted", number))
    return FindingBuilder(PATH, b"").build(rules()["HC908"], problem, entry.span)
