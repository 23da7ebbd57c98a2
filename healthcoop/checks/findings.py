"""Findings: what is wrong, where, how bad, and what to do; and the report of a whole run."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from healthcoop.files.fixes import Edit, Fix
from healthcoop.files.visible import counted


class Severity(StrEnum):
    """How bad a finding is: errors fail a run, warnings only a strict one, notes never."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_WORST_FIRST = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Finding:
    """Something wrong in a file: the place, the rule that found it, and what to do about it.

    Lines and columns count from 1, columns in characters, the end exclusive; ``pointer`` is a JSON
    pointer into the record; ``proposal`` is the rewrite of the file that fixes it, where there is
    one; ``excerpt`` is line ``line`` of the file; ``example`` are lines of a file as they should
    be; ``fixable`` is true where ``--fix`` solves it, ``deleted`` where the file is deleted,
    ``unread`` where it is why the file is not read as a record.
    ``others`` are the files of the other records that it is about; a ``symmetric`` one could be
    reported at any of them.
    Findings sort by place; ``rank`` orders those of one rule at one place.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    name: str
    severity: Severity
    rank: int = 0
    message: str
    hint: str
    pointer: str
    proposal: Fix | None = field(default=None, compare=False)
    excerpt: str = field(default="", compare=False)
    example: str = field(default="", compare=False)
    fixable: bool = field(default=False, compare=False)
    deleted: bool = field(default=False, compare=False)
    unread: bool = field(default=False, compare=False)
    others: tuple[str, ...] = field(default=(), compare=False)
    symmetric: bool = field(default=False, compare=False)

    @property
    def fix(self) -> str | None:
        """The unified diff that fixes it, or None."""
        return self.proposal.diff() if self.proposal else None

    def to_data(self) -> dict[str, str | int | None]:
        """Return the keys that ``validate -f json`` promises, in their order."""
        return {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "code": self.code,
            "name": self.name,
            "severity": str(self.severity),
            "message": self.message,
            "hint": self.hint,
            "pointer": self.pointer,
            "fix": self.fix,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which findings are reported: by codes or beginnings of codes, and by files or folders.

    A path must be in or below one of each of ``limits``.
    """

    select: Sequence[str] | None = None
    ignore: Sequence[str] = ()
    limits: Sequence[Collection[str]] = ()

    def includes(self, path: str, code: str) -> bool:
        """Return whether a problem of this code in this file is reported."""
        return self.includes_code(code) and self.includes_path(path)

    def includes_finding(self, finding: Finding) -> bool:
        """Return whether a finding is reported: that a file is not read whatever its code."""
        return (finding.unread or self.includes_code(finding.code)) and self.includes_path(
            finding.path, *finding.others
        )

    def includes_code(self, code: str) -> bool:
        """Return whether findings of this code are reported."""
        return (self.select is None or code.startswith(tuple(self.select))) and not (
            self.ignore and code.startswith(tuple(self.ignore))
        )

    def includes_path(self, *paths: str) -> bool:
        """Return whether findings about these files are reported: one of them within each limit."""
        return all(
            any(is_below(path, part) for path in paths for part in limit) for limit in self.limits
        )


@dataclass(frozen=True, kw_only=True)
class Report:
    """The outcome of a run over ``records`` files, its findings in order of place.

    ``paths`` are those of the files that are reported on; ``accepted`` are the findings that
    ``schema/accepted.yaml`` accepts; ``changed`` names the files that a change under review
    touches, where there is one.
    """

    records: int
    findings: tuple[Finding, ...]
    paths: tuple[str, ...] = ()
    accepted: tuple[Finding, ...] = ()
    strict: bool = False
    changed: frozenset[str] = frozenset()

    @cached_property
    def counts(self) -> dict[Severity, int]:
        """The number of findings of each severity."""
        return {
            severity: sum(finding.severity is severity for finding in self.findings)
            for severity in Severity
        }

    def fails(self, finding: Finding) -> bool:
        """Return whether a finding fails the run: errors do, in a strict run warnings too."""
        return finding.severity is Severity.ERROR or (
            self.strict and finding.severity is Severity.WARNING
        )

    @property
    def exit_code(self) -> int:
        """1 where a finding fails the run, else 0."""
        return 1 if any(map(self.fails, self.findings)) else 0

    @property
    def closing_line(self) -> str:
        """The number of records and of findings of each severity, in a sentence."""
        return self.closing()

    def closing(self, seconds: float | None = None) -> str:
        """Return the closing line, with the time that the run took."""
        found = [
            f"{number} {severity}{'s' if number > 1 else ''}"
            for severity, number in self.counts.items()
            if number
        ]
        plural = "" if self.records == 1 else "s"
        time = "" if seconds is None else f" in {seconds:.1f} s"
        results = ", ".join(found) or "no problems found"
        accepted = f" {counted(len(self.accepted), 'finding')} accepted." if self.accepted else ""
        fixable = sum(finding.fixable for finding in self.findings)
        fix = f" “healthcoop validate --fix” fixes {fixable} of them." if fixable else ""
        return f"Checked {self.records:,} record{plural}{time}: {results}.{accepted}{fix}"

    def narrowed(self, selection: Selection, *, strict: bool = False) -> "Report":
        """Return the report with the selected findings only."""
        findings, accepted = (
            tuple(filter(selection.includes_finding, some))
            for some in (self.findings, self.accepted)
        )
        paths = tuple(filter(selection.includes_path, self.paths))
        return replace(self, findings=findings, paths=paths, accepted=accepted, strict=strict)

    def below(self, folder: str) -> "Report":
        """Return the report with its paths below the folder that the data set lies in."""
        findings = tuple(
            replace(finding, path=f"{folder}/{finding.path}") for finding in self.findings
        )
        changed = frozenset(f"{folder}/{path}" for path in self.changed)
        return replace(self, findings=findings, changed=changed)

    @property
    def worst_first(self) -> list[Finding]:
        """The findings: errors first, then warnings, then notes; changed files first in each."""
        return sorted(
            self.findings,
            key=lambda finding: (
                _WORST_FIRST[finding.severity],
                finding.path not in self.changed,
                finding,
            ),
        )


def is_below(path: str, folder: str) -> bool:
    """Return whether a path is a file or folder, or lies in it; all are below ``.``."""
    return folder in (".", path) or path.startswith(f"{folder}/")


def json_pointer(pointer: Iterable[str | int]) -> str:
    """Write a path into a record as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule found in one record, before its place in the file is looked up.

    ``pointer`` leads to the value; with ``on_key`` the place is the field's name. ``substring`` is
    the part of the value to point at. ``example`` are lines of a record file as they should be.
    ``edits`` fix the problem; ``safe`` edits keep what the record means, so that ``validate --fix``
    applies them. ``rank`` orders problems at one place. ``others`` and ``symmetric`` are those of
    the finding.
    """

    message: str
    hint: str
    pointer: tuple[str | int, ...] = ()
    _: KW_ONLY
    on_key: bool = False
    substring: str = ""
    example: str = ""
    edits: tuple[Edit, ...] = ()
    safe: bool = False
    rank: int = 0
    others: tuple[str, ...] = ()
    symmetric: bool = False
