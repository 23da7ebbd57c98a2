"""Findings: what is wrong, where, how bad, and what to do; and the report of a whole run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from healthcoop.files.edits import Edit


class Severity(StrEnum):
    """How bad a finding is: errors fail a run, warnings only a strict one, notes never."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_WORST_FIRST = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Finding:
    """One thing to mend: where it stands, which rule says so, and what to do about it.

    Lines and columns count from 1, columns in characters, the end exclusive; ``pointer`` is a JSON
    pointer into the record; ``fix`` a unified diff, or None. ``excerpt`` is the line of the file
    that ``line`` counts, ``edits`` what the diff shows, ``safe`` whether they may be made unasked.
    Findings sort by place; ``turn`` orders those of one rule at one place.
    ``gone`` says that there is no file at the path any more.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    name: str
    severity: Severity
    turn: int = 0
    message: str
    hint: str
    pointer: str
    fix: str | None = field(default=None, compare=False)
    excerpt: str = field(default="", compare=False)
    edits: tuple[Edit, ...] = field(default=(), compare=False)
    safe: bool = field(default=False, compare=False)
    gone: bool = field(default=False, compare=False)

    def to_data(self) -> dict[str, str | int | None]:
        """Give the keys that ``validate -f json`` promises, in their order."""
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


@dataclass(frozen=True, kw_only=True)
class Report:
    """The outcome of a run over ``records`` files, its findings in order of place.

    ``changed`` names the files that a change under review touches, where there is one.
    """

    records: int
    findings: tuple[Finding, ...]
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
        """Say whether a finding fails the run: an error does, in a strict run a warning too."""
        return finding.severity is Severity.ERROR or (
            self.strict and finding.severity is Severity.WARNING
        )

    @property
    def exit_code(self) -> int:
        """Give 1 where a finding fails the run; else 0."""
        return 1 if any(map(self.fails, self.findings)) else 0

    @property
    def closing_line(self) -> str:
        """What the run came to, in a line."""
        found = [
            f"{number} {severity}{'s' if number > 1 else ''}"
            for severity, number in self.counts.items()
            if number
        ]
        plural = "" if self.records == 1 else "s"
        return f"{self.records:,} record{plural} checked: {', '.join(found) or 'nothing to mend'}"

    def narrowed(
        self,
        *,
        paths: Sequence[str] | None = None,
        select: Sequence[str] | None = None,
        ignore: Sequence[str] = (),
        strict: bool = False,
    ) -> "Report":
        """Give the report of some files, folders or codes (or beginnings of codes) only."""
        kept = tuple(
            finding
            for finding in self.findings
            if (select is None or finding.code.startswith(tuple(select)))
            and not (ignore and finding.code.startswith(tuple(ignore)))
            and (paths is None or any(is_below(finding.path, path) for path in paths))
        )
        return replace(self, findings=kept, strict=strict)

    def seen_from_above(self, folder: str) -> "Report":
        """Give the report with paths from further up, where the data set lies in ``folder``."""
        findings = tuple(
            replace(finding, path=f"{folder}/{finding.path}") for finding in self.findings
        )
        changed = frozenset(f"{folder}/{path}" for path in self.changed)
        return replace(self, findings=findings, changed=changed)

    @property
    def worst_first(self) -> list[Finding]:
        """The findings, errors before warnings before notes, of each the change's files first."""
        return sorted(
            self.findings,
            key=lambda finding: (
                _WORST_FIRST[finding.severity],
                finding.path not in self.changed,
                finding,
            ),
        )


def is_below(path: str, folder: str) -> bool:
    """Say whether a path is a file or folder, or lies in it; all are below ``.``."""
    return folder in (".", path) or path.startswith(f"{folder}/")


def json_pointer(pointer: Iterable[str | int]) -> str:
    """Write a path into a record as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a rule says of one record, before its place in the file is looked up.

    ``pointer`` leads to the value at fault; with ``on_key`` the field's name is, not its value.
    ``piece`` is the part of the value to point at, where it is not the whole.
    ``edits`` are what would mend it; ``safe`` says that they keep what the record means, so that
    ``validate --fix`` may make them unasked. ``turn`` orders problems of one rule at one place.
    """

    message: str
    hint: str
    pointer: tuple[str | int, ...] = ()
    on_key: bool = False
    piece: str = ""
    edits: tuple[Edit, ...] = ()
    safe: bool = False
    turn: int = 0
