"""``validate --fix``: apply the safe edits of a record's problems to its data."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from healthcoop.checks.findings import Problem, Selection, json_pointer
from healthcoop.checks.registry import Rule
from healthcoop.checks.suppressions import Accepted, stem
from healthcoop.files.fixes import apply

MAX_PASSES = 20  # one edit may uncover the next: a code in upper case turns out to be a duplicate

Data = dict[str, Any]
Problems = Iterable[tuple[Rule, Problem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A file as it was read, its data with the edits so far, and their number."""

    content: bytes
    data: Data
    edits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedFile:
    """A file as it was read, the text it should have, and the number of edits made."""

    path: str
    before: bytes
    after: str
    edits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FixScope:
    """What ``--fix`` may change: what the selection includes and no entry accepts.

    With ``reformat``, files without an edit are laid out canonically too.
    """

    selection: Selection
    accepted: Sequence[Accepted] = ()
    reformat: bool = True

    def edits(self, path: str, problems: Problems) -> list[Sequence[Any]]:
        """Return the edits to apply, a group for each problem."""
        name = stem(path)
        own = [entry for entry in self.accepted if entry.record == name]
        return [
            problem.edits
            for rule, problem in problems
            if problem.safe
            and problem.edits
            and self.selection.includes(path, rule.code)
            and not any(
                entry.covers(path, rule.code, json_pointer(problem.pointer)) for entry in own
            )
        ]


def fix(
    path: str, data: Data, problems: Problems, scope: FixScope, check: Callable[[Data], Problems]
) -> tuple[Data, int]:
    """Apply safe edits until none is left; return the data and the number of edits.

    ``problems`` are those of the data as passed, ``check`` finds those of edited data.
    """
    total = 0
    for _ in range(MAX_PASSES):
        data, count = apply(data, scope.edits(path, problems))
        if not count:
            break
        total += count
        problems = check(data)
    return data, total
